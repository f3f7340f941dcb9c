/**
 * `npm run chaos:proofs`: three figures that are part of the promise, at full size, on servers of their own. `npm test` has them in
 * small (proofs.test.ts). Names choose among them: `npm run chaos:proofs -- kills`.
 */
import { spreadOf } from '../figures.ts'
import { measureFlush } from './flushall.ts'
import { measureKills } from './kills.ts'
import { stopWorkers } from './stops.ts'

const KILLS = 50
const OPEN_PAYMENTS = 100_000
const STOPS = { rounds: 20, atOnce: 5 }
const say = (line: string) => console.log(line)

const PROOFS: Record<string, () => Promise<string>> = {
  kills: async () => {
    const { p50, max } = spreadOf(await measureKills(KILLS, say))
    return `${KILLS} workers killed: their work was taken over after ${p50} ms (p50), ${max} ms (max)`
  },
  flushall: async () => {
    const ms = await measureFlush(OPEN_PAYMENTS)
    return `FLUSHALL with ${OPEN_PAYMENTS} open payments: all known to Redis again after ${ms} ms`
  },
  stops: async () => {
    const { stops, claims, commits, bankCalls } = await stopWorkers(STOPS.rounds, STOPS.atOnce, say)
    const found = `${commits} commits and ${bankCalls} bank calls for what they had held`
    return `${stops} workers stopped past their lease with ${claims} payments in their hands, and woken: ${found}`
  },
}

const chosen = process.argv.slice(2)
const results: string[] = []
for (const [name, prove] of Object.entries(PROOFS)) {
  if (chosen.length === 0 || chosen.includes(name)) results.push(await prove())
}
console.log(`\n${results.join('\n')}`)
