/**
 * `npm run chaos:proofs`: three figures that are part of the promise, at full size, on servers of their own. `npm test` has them in
 * small (proofs.test.ts). It fails when one of them is not kept. Names choose among them: `npm run chaos:proofs -- kills`.
 */
import { LEASE_MS } from '../../../runtime/limits.ts'
import { spreadOf } from '../figures.ts'
import { measureFlush } from './flushall.ts'
import { measureKills } from './kills.ts'
import { stopWorkers } from './stops.ts'

const KILLS = 50
const OPEN_PAYMENTS = 100_000
const STOPS = { rounds: 20, atOnce: 5 }
/** What is promised, ms. */
const TAKEOVER_MS = LEASE_MS + 1_000
const RELOAD_MS = 10_000
const say = (line: string) => console.log(line)

interface Proof {
  figure: string
  kept: boolean
}

const PROOFS: Record<string, () => Promise<Proof>> = {
  kills: async () => {
    const { p50, max } = spreadOf(await measureKills(KILLS, say))
    const figure = `${KILLS} workers killed: their work was taken over after ${p50} ms (p50), ${max} ms (max)`
    return { figure, kept: max <= TAKEOVER_MS }
  },
  flushall: async () => {
    const ms = await measureFlush(OPEN_PAYMENTS)
    const figure = `FLUSHALL with ${OPEN_PAYMENTS} open payments: all known to Redis again after ${ms} ms`
    return { figure, kept: ms <= RELOAD_MS }
  },
  stops: async () => {
    const { stops, claims, commits, bankCalls } = await stopWorkers(STOPS.rounds, STOPS.atOnce, say)
    const found = `${commits} commits and ${bankCalls} bank calls for what they had held`
    const figure = `${stops} workers stopped past their lease with ${claims} payments in their hands, and woken: ${found}`
    return { figure, kept: commits === 0 && bankCalls === 0 && stops === STOPS.rounds * STOPS.atOnce }
  },
}

const chosen = process.argv.slice(2)
const proofs: Proof[] = []
for (const [name, prove] of Object.entries(PROOFS)) {
  if (chosen.length === 0 || chosen.includes(name)) proofs.push(await prove())
}
console.log('')
for (const { figure, kept } of proofs) console.log(`${kept ? 'kept  ' : 'BROKEN'}  ${figure}`)
process.exit(proofs.length > 0 && proofs.every(({ kept }) => kept) ? 0 : 1)
