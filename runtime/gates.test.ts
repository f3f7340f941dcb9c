import { Redis } from 'ioredis'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { freshRedis } from '../tests/support/index.ts'
import { type Admitted, type GateLimits, type Gates, openGates, type Refused } from './gates.ts'

const test = suite('gates')

const LIMITS: GateLimits = {
  atOnce: 3,
  slowMs: 1000,
  most: 12,
  perSecond: null,
  holdMs: 30_000,
  failures: 5,
  coolMs: 1000,
  longestCoolMs: 4000,
}

const server = await freshRedis()
const redis = new Redis(server.url)
const gates = await connected()
test.after(async () => {
  await gates.close()
  redis.disconnect()
  await server.drop()
})

/** Gates that have reached Redis: before that every gate is open. */
async function connected(): Promise<Gates> {
  const made = openGates({ redisUrl: server.url, partitions: 1 })
  for (;;) {
    const entry = await made.enter('probe', { ...LIMITS, atOnce: 1, most: 1 })
    if (!entry.admitted || (await redis.exists('{0}:calls:probe'))) return made
  }
}

let places = 0
/** A place nobody has called yet. */
const somewhere = () => `place${places++}`

async function admitted(place: string, limits = LIMITS): Promise<Admitted> {
  const entry = await gates.enter(place, limits)
  if (!entry.admitted) throw new Error(`refused for ${entry.waitMs} ms`)
  return entry
}

async function refused(place: string, limits = LIMITS): Promise<Refused> {
  const entry = await gates.enter(place, limits)
  if (entry.admitted) throw new Error('admitted')
  return entry
}

async function call(place: string, outcome: 'well' | 'failed', tookMs = 10): Promise<void> {
  const entry = await admitted(place)
  entry.leave(outcome, tookMs)
}

/** As if that much time had passed for a place. */
async function moveClock(place: string, ms: number): Promise<void> {
  for (const field of ['until', 'promised', 'paced']) await redis.hincrby(`{0}:gate:${place}`, field, -ms)
  for (const id of await redis.zrange(`{0}:calls:${place}`, 0, '-1'))
    await redis.zincrby(`{0}:calls:${place}`, -ms, String(id))
}

test('a place gets so many calls at once, and the next when one has ended', async () => {
  const place = somewhere()
  const [first] = await Promise.all([admitted(place), admitted(place), admitted(place)])
  assert.not((await refused(place)).shut)
  first?.leave('unknown', 5)
  await admitted(place)
  await refused(place)
})

test('places do not feel each other', async () => {
  const [hangs, well] = [somewhere(), somewhere()]
  for (let n = 0; n < 3; n++) await admitted(hangs)
  await refused(hangs)
  await admitted(well)
})

test('a place that answers in a tenth of the time gets more at once, up to the most', async () => {
  const place = somewhere()
  await call(place, 'well', 100)
  for (let n = 0; n < 12; n++) await admitted(place)
  await refused(place)
})

test('one that begins to hang is noticed before its calls time out', async () => {
  const place = somewhere()
  await call(place, 'well', 100)
  for (let n = 0; n < 5; n++) await admitted(place)
  await moveClock(place, 900)
  await refused(place)
})

test('each that is refused is promised a moment behind the one before, and none sooner than a tenth of a second', async () => {
  const place = somewhere()
  for (let n = 0; n < 3; n++) await admitted(place)
  const waits = (await Promise.all(Array.from({ length: 100 }, () => refused(place)))).map(({ waitMs }) => waitMs)
  assert.is(waits[0], 100)
  assert.ok(waits.every((wait, n) => n === 0 || wait >= (waits[n - 1] as number)))
  // 10 ms between two looks, however slow the place: a hundred take one second.
  assert.ok((waits[99] as number) > 900 && (waits[99] as number) <= 1000, `the last waits ${waits[99]} ms`)
})

test('a rate lets a burst of one second through and spaces the rest by its interval', async () => {
  const place = somewhere()
  const limits = { ...LIMITS, atOnce: 100, most: 100, perSecond: 10 }
  for (let n = 0; n < 10; n++) await admitted(place, limits)
  const [first, second] = [await refused(place, limits), await refused(place, limits)]
  assert.ok(first.waitMs >= 100 && first.waitMs <= 120 && second.waitMs - first.waitMs > 80)
  await moveClock(place, 1000)
  for (let n = 0; n < 10; n++) await admitted(place, limits)
  await refused(place, limits)
})

test('it shuts after that many failures in a row and never earlier', async () => {
  const place = somewhere()
  for (let n = 0; n < 4; n++) await call(place, 'failed')
  await call(place, 'well')
  for (let n = 0; n < 4; n++) await call(place, 'failed')
  await call(place, 'failed')
  const { shut, waitMs } = await refused(place)
  assert.ok(shut && waitMs > 900 && waitMs <= 1050, `shut for ${waitMs} ms`)
})

test('what ended for reasons of ours is neither', async () => {
  const place = somewhere()
  for (let n = 0; n < 4; n++) await call(place, 'failed')
  for (let n = 0; n < 3; n++) (await admitted(place)).leave('unknown', 1)
  await call(place, 'failed')
  assert.ok((await refused(place)).shut)
})

test('a shut gate lets one call try; each that fails doubles the pause to its longest, and one that goes well opens it', async () => {
  const place = somewhere()
  for (let n = 0; n < 5; n++) await call(place, 'failed')
  for (const pause of [1000, 2000, 4000, 4000]) {
    await moveClock(place, pause - 300)
    assert.ok((await refused(place)).shut, `within ${pause} ms`)
    await moveClock(place, 300)
    const probe = await admitted(place)
    assert.ok((await refused(place)).shut, 'a second call beside the probe')
    probe.leave('failed', 10)
    assert.ok((await refused(place)).shut, 'the probe has failed')
  }
  await moveClock(place, 4000)
  await call(place, 'well')
  await Promise.all([admitted(place), admitted(place)])
})

test('calls that were under way when it shut do not lengthen the pause', async () => {
  const place = somewhere()
  const limits = { ...LIMITS, atOnce: 9 }
  const entries = await Promise.all(Array.from({ length: 9 }, () => admitted(place, limits)))
  for (const entry of entries) entry.leave('failed', 10)
  assert.ok((await refused(place)).waitMs <= 1050)
})

test('what a dead caller held is free after the longest call', async () => {
  const place = somewhere()
  for (let n = 0; n < 3; n++) await admitted(place)
  await refused(place)
  await moveClock(place, LIMITS.holdMs)
  await admitted(place)
})

test('many calls of many places at once travel together, and each gets its own answer', async () => {
  const crowd = Array.from({ length: 400 }, (_, n) => `crowd${n % 40}`)
  const entries = await Promise.all(crowd.map((place) => gates.enter(place, LIMITS)))
  for (let n = 0; n < 400; n++) assert.is(entries[n]?.admitted, n < 120, `call ${n}`)
})

test('without Redis every gate is open', async () => {
  const nowhere = openGates({ redisUrl: 'redis://127.0.0.1:1', partitions: 4 })
  const entries = await Promise.all(Array.from({ length: 50 }, () => nowhere.enter('x', LIMITS)))
  assert.ok(entries.every(({ admitted }) => admitted))
  for (const entry of entries) if (entry.admitted) entry.leave('failed', 1)
  await nowhere.close()
})

test('after a FLUSHALL it begins anew, open', async () => {
  const place = somewhere()
  for (let n = 0; n < 5; n++) await call(place, 'failed')
  await refused(place)
  await redis.flushdb()
  await admitted(place)
})

test.run()
