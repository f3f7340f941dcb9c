import { Redis } from 'ioredis'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { until } from '../tests/contract/until.ts'
import { freshRedis } from '../tests/support/index.ts'
import type { Address } from './address.ts'
import { type Admitted, type GateLimits, type Gates, openGates, type Refused } from './gates.ts'
import { partitionOf, partitionPrefix } from './partitions.ts'
import { textUnderTest } from './testing/under-test.ts'

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
  generation: 0,
}

let actors = 0
const actor = (): Address => `m/delivery/${actors++}`

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
  const made = openGates({ redisUrl: server.url, partitions: 1, scriptText: textUnderTest })
  for (;;) {
    const entry = await made.enter('probe', { ...LIMITS, atOnce: 1, most: 1 }, actor())
    if (!entry.admitted || (await redis.exists('{0}:calls:probe'))) return made
  }
}

/** Who has been rung since the last look: as many, in the order of their calls. */
async function rung(count = 1): Promise<string[]> {
  await until(async () => (await redis.zcard('{0}:ready:delivery')) >= count)
  const ready = await redis.zrange('{0}:ready:delivery', 0, '-1')
  await redis.del('{0}:ready:delivery', ...ready.map((address) => `{0}:q:${address}`))
  return ready as string[]
}

let places = 0
/** A place nobody has called yet. */
const somewhere = () => `place${places++}`

async function admitted(place: string, limits = LIMITS, who = actor()): Promise<Admitted> {
  const entry = await gates.enter(place, limits, who)
  if (!entry.admitted) throw new Error(`refused for ${entry.waitMs} ms`)
  return entry
}

async function refused(place: string, limits = LIMITS, who = actor()): Promise<Refused> {
  const entry = await gates.enter(place, limits, who)
  if (entry.admitted) throw new Error('admitted')
  return entry
}

async function call(place: string, outcome: 'well' | 'failed', tookMs = 10): Promise<void> {
  const entry = await admitted(place)
  entry.leave(outcome, tookMs)
}

/** As if that much time had passed for a place. */
async function moveClock(place: string, ms: number): Promise<void> {
  for (const field of ['until', 'promised', 'paced', 'probe']) await redis.hincrby(`{0}:gate:${place}`, field, -ms)
  for (const set of ['calls', 'called']) {
    const key = `{0}:${set}:${place}`
    for (const member of await redis.zrange(key, 0, '-1')) await redis.zincrby(key, -ms, String(member))
  }
}

test('a place gets so many calls at once; whoever comes then waits in line, and is rung when one has ended', async () => {
  const place = somewhere()
  const [first, second] = await Promise.all([admitted(place), admitted(place), admitted(place)])
  const [next, last] = [actor(), actor()]
  assert.not((await refused(place, LIMITS, next)).shut)
  await refused(place, LIMITS, last)
  first?.leave('unknown', 5)
  assert.equal(await rung(), [next])
  await refused(place) // nobody overtakes the line
  await admitted(place, LIMITS, next)
  second?.leave('unknown', 5)
  assert.equal(await rung(), [last])
  await admitted(place, LIMITS, last)
})

test('whoever was called and does not come loses its place after a moment, and nobody else waits for it', async () => {
  const place = somewhere()
  const [first] = await Promise.all([admitted(place), admitted(place), admitted(place)])
  const [absent, present] = [actor(), actor()]
  await refused(place, LIMITS, absent)
  await refused(place, LIMITS, present)
  first?.leave('unknown', 5)
  assert.equal(await rung(), [absent])
  await moveClock(place, 2000)
  await refused(place)
  assert.equal(await rung(), [present])
  await admitted(place, LIMITS, present)
})

test('whose turn it is is rung in its own partition, wherever the place is kept', async () => {
  const spread = openGates({ redisUrl: server.url, partitions: 4 })
  const place = somewhere()
  const tight = { ...LIMITS, atOnce: 1, most: 1 }
  // The first calls may come before the connection stands; then every gate is open.
  const holds = async () => (await redis.keys(`*calls:${place}`)).length > 0
  let holder = await spread.enter(place, tight, actor())
  while (!(await holds())) holder = await spread.enter(place, tight, actor())
  const crowd = Array.from({ length: 3 }, actor)
  for (const who of crowd) {
    assert.not((await spread.enter(place, tight, who)).admitted)
    if (holder.admitted) holder.leave('unknown', 1)
    const ready = `${partitionPrefix(partitionOf(who, 4), 4)}ready:delivery`
    await until(async () => (await redis.zscore(ready, who)) !== null)
    await redis.del(ready)
    holder = await spread.enter(place, tight, who)
    assert.ok(holder.admitted)
  }
  await spread.close()
})

test('as many are called as there is room for', async () => {
  const place = somewhere()
  const entries = await Promise.all([admitted(place), admitted(place), admitted(place)])
  const crowd = Array.from({ length: 20 }, actor)
  for (const who of crowd) await refused(place, LIMITS, who)
  // It answers in a tenth of the time: twelve at once.
  for (const entry of entries) entry.leave('well', 100)
  const called = await rung(12)
  assert.is(called.length, 12)
  for (const who of called) await admitted(place, LIMITS, who as Address)
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

test('should nobody call, the first in line look when what is under way must be dead, the others later and spread', async () => {
  const place = somewhere()
  for (let n = 0; n < 3; n++) await admitted(place)
  await moveClock(place, 20_000)
  const waits = (await Promise.all(Array.from({ length: 100 }, () => refused(place)))).map(({ waitMs }) => waitMs)
  assert.ok(
    waits.slice(0, 5).every((wait) => wait > 9_500 && wait <= 10_100),
    String(waits.slice(0, 5)),
  )
  assert.ok(waits.slice(5).every((wait, n, rest) => wait > 20_000 && wait <= 60_000 && wait >= (rest[n - 1] ?? 0)))
})

test('when all callers have died, whoever looks first calls the line', async () => {
  const place = somewhere()
  for (let n = 0; n < 3; n++) await admitted(place)
  const crowd = Array.from({ length: 4 }, actor)
  for (const who of crowd) await refused(place, LIMITS, who)
  await moveClock(place, LIMITS.holdMs)
  await refused(place, LIMITS, crowd[3])
  assert.equal((await rung(3)).sort(), crowd.slice(0, 3).sort())
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
  assert.ok(shut && waitMs > 900 && waitMs <= 1000, `shut for ${waitMs} ms`)
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
  let prober = actor()
  const waiting = [actor(), actor(), actor(), actor(), actor()]
  const pause = async () => (await refused(place, LIMITS, prober)).waitMs
  assert.ok((await pause()) > 900)
  for (const who of waiting) assert.ok((await refused(place, LIMITS, who)).waitMs >= 20_000, 'only one tries')
  for (const next of [2000, 4000, 4000]) {
    await moveClock(place, 4000)
    const probe = await admitted(place, LIMITS, prober)
    assert.ok((await refused(place)).shut, 'a second call beside the probe')
    probe.leave('failed', 10)
    const [called] = await rung()
    prober = called as Address
    const waitMs = await pause()
    assert.ok(waitMs > next - 100 && waitMs <= next, `${waitMs} ms instead of ${next}`)
  }
  await moveClock(place, 4000)
  ;(await admitted(place, LIMITS, prober)).leave('well', 10)
  const opened = await rung(5)
  await Promise.all(opened.map((who) => admitted(place, LIMITS, who as Address)))
})

test('a prober that died is followed by the next that asks', async () => {
  const place = somewhere()
  for (let n = 0; n < 5; n++) await call(place, 'failed')
  await refused(place)
  assert.ok((await refused(place)).waitMs >= 20_000)
  await moveClock(place, 500)
  assert.ok((await refused(place)).waitMs >= 20_000)
  await moveClock(place, 400)
  assert.ok((await refused(place)).waitMs <= 100)
  await moveClock(place, 100)
  await admitted(place)
})

test('a new generation is a place against which nothing is held, and late news of the old one says nothing', async () => {
  const place = somewhere()
  const old = { ...LIMITS, failures: 2 }
  const renewed = { ...old, generation: 1 }
  const before = await Promise.all([admitted(place, old), admitted(place, old), admitted(place, old)])
  for (const entry of before.splice(0, 2)) entry.leave('failed', 10)
  const waiting = actor()
  assert.ok((await refused(place, old, waiting)).shut)
  await admitted(place, renewed, waiting)
  for (const entry of before) entry.leave('failed', 10)
  const entry = await admitted(place, renewed)
  entry.leave('failed', 10)
  await admitted(place, renewed)
  assert.ok((await gates.enter(place, old, actor())).admitted, 'a turn that has not heard of the change yet')
})

test('calls that were under way when it shut do not lengthen the pause', async () => {
  const place = somewhere()
  const limits = { ...LIMITS, atOnce: 9 }
  const entries = await Promise.all(Array.from({ length: 9 }, () => admitted(place, limits)))
  for (const entry of entries) entry.leave('failed', 10)
  assert.ok((await refused(place)).waitMs <= 1000)
})

test('what a dead caller held is free after the longest call', async () => {
  const place = somewhere()
  const waiting = actor()
  for (let n = 0; n < 3; n++) await admitted(place)
  await refused(place, LIMITS, waiting)
  await moveClock(place, LIMITS.holdMs)
  await admitted(place, LIMITS, waiting)
  await admitted(place)
})

test('many calls of many places at once travel together, and each gets its own answer', async () => {
  const crowd = Array.from({ length: 400 }, (_, n) => `crowd${n % 40}`)
  const entries = await Promise.all(crowd.map((place) => gates.enter(place, LIMITS, actor())))
  for (let n = 0; n < 400; n++) assert.is(entries[n]?.admitted, n < 120, `call ${n}`)
})

test('without Redis every gate is open', async () => {
  const nowhere = openGates({ redisUrl: 'redis://127.0.0.1:1', partitions: 4 })
  const entries = await Promise.all(Array.from({ length: 50 }, () => nowhere.enter('x', LIMITS, actor())))
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
