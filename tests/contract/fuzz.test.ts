/**
 * Malformed and odd requests, made from the API's own document, eight at a time. A bounded sample with every `npm test`; `npm run fuzz`
 * sends 20,000. FUZZ_SEED repeats a run.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Call, callsOf, readDocument } from './document.ts'
import { furnish, HARMLESS } from './furnish.ts'
import { fault, fire, stopFiring } from './fuzz/fire.ts'
import { type Shot, shotsAt } from './fuzz/requests.ts'
import { type House, openHouse, runtimeWithoutRedis } from './house.ts'

const test = suite('odd requests')

const SAMPLE = 1_600
const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? SAMPLE)
const SAMPLE_LIMIT_MS = 7_000
const FULL_LIMIT_MS = 130_000
const AT_ONCE = 8
/** Objects that the shots have removed come back now and then. */
const FURNISH_EVERY = 25
/** What the caches of 20,000 requests may hold. */
const GROWTH_BYTES = 32 * 1024 * 1024

let house: House
let calls: Call[]
test.before(async () => {
  const decided = { status: 200, body: { id: 'decided' } }
  const runtime = { ...runtimeWithoutRedis(), canAsk: async () => true, ask: async () => decided }
  house = await openHouse({ worker: false, demo: true, chaos: HARMLESS, runtime })
  // What needs Redis can't answer here, and says so with a 503; what hashes passwords takes a fifth of a second by design.
  const slow = /\/(actors|workers|health|metrics|gauntlet|password)/
  calls = callsOf(await readDocument(house)).filter(({ name }) => !slow.test(name))
})
test.after(async () => {
  stopFiring()
  await house?.close()
})

test('none brings a 5xx, a hang, or an answer outside the envelope; memory stays flat', async () => {
  const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31)
  const full = REQUESTS > SAMPLE
  const volleys = Math.ceil(REQUESTS / AT_ONCE)
  let fired = 0
  let warm = 0
  const hit = async (shot: Shot) => {
    const found = fault(await fire(house.url, shot))
    if (found) throw new Error(`${shot.name}: ${found}`)
  }
  const volley = async (shots: Shot[]) => {
    if (fired++ % FURNISH_EVERY === 0) await furnish(house)
    if (fired === Math.floor(volleys / 4)) warm = heapUsed()
    await Promise.all(shots.map(hit))
  }
  const shots = fc.array(fc.constantFrom(...calls).chain(shotsAt), { minLength: AT_ONCE, maxLength: AT_ONCE })
  await fc.assert(fc.asyncProperty(shots, volley), {
    seed,
    numRuns: volleys,
    interruptAfterTimeLimit: full ? FULL_LIMIT_MS : SAMPLE_LIMIT_MS,
    markInterruptAsFailure: full,
  })
  const grown = warm === 0 ? 0 : heapUsed() - warm
  console.log(
    `${fired * AT_ONCE} odd requests, seed ${seed}; ${Math.round(grown / 2 ** 20)} MiB since the first quarter`,
  )
  assert.ok(grown < GROWTH_BYTES, `memory has grown by ${grown} bytes`)
  assert.is((await house.call('GET', '/api/v1/payments')).status, 200, 'and it still works')
  assert.is(Object.hasOwn(Object.prototype, 'polluted'), false)
})

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

function heapUsed(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

test.run()
