import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { freshRedis } from '../tests/support/index.ts'
import type { Address } from './address.ts'
import { monotonicMs } from './clock.ts'
import { READY_LIMIT } from './limits.ts'
import { testAddress } from './testing/memory-storage.ts'
import { type Handlers, Rig } from './testing/rig.ts'

const client = suite('client')
const { url, drop } = await freshRedis()
const A = testAddress('a')
const NOWHERE = 'redis://127.0.0.1:1'

let rig: Rig
const open = async (handlers: Handlers = { work: (_state, { seq }, turn) => turn.reply({ answer: seq }) }) => {
  rig = await Rig.open(url, { test: { handlers, slots: 64 } })
  rig.storage.create(A)
}

client.after.each(() => rig.close())
client.after(drop)

/** A client that has found its Redis. */
async function connected() {
  const subject = rig.client()
  await rig.settlesWhen(
    () =>
      subject.gauges().then(
        () => true,
        () => false,
      ),
    'the client to connect',
  )
  return subject
}

client('ask: the result comes as soon as the command is handled, by its doorbell', async () => {
  await open()
  await rig.worker()
  const subject = await connected()
  const took: number[] = []
  for (let seq = 1; seq <= 5; seq++) {
    const started = monotonicMs()
    rig.storage.command(A, 'work', {}, subject.replyTo)
    subject.send([A])
    assert.equal(await subject.ask(A, seq, 10_000), { answer: seq })
    took.push(monotonicMs() - started)
  }
  assert.ok(Math.min(...took) < 150, `${took.map(Math.round)} ms: no faster than the poll`)
})

client('ask: without a doorbell the poll finds the result', async () => {
  await open()
  await rig.worker()
  const subject = await connected()
  rig.storage.command(A, 'work')
  subject.send([A])
  assert.equal(await subject.ask(A, 1, 10_000), { answer: 1 })
})

client('ask: without Redis, too', async () => {
  await open()
  await rig.worker()
  const subject = rig.client(NOWHERE)
  await rig.send(A, 'work')
  assert.equal(await subject.ask(A, 1, 10_000), { answer: 1 })
})

client('ask: what was decided before anybody asked is answered at once, to everybody who asks', async () => {
  await open()
  await rig.worker()
  await rig.send(A, 'work')
  await rig.storage.until(() => rig.storage.actor(A).lastSeq === 1, 'the command to be handled')
  const subject = rig.client(NOWHERE)
  assert.equal(await Promise.all([1, 2, 3].map(() => subject.ask(A, 1, 10_000))), [
    { answer: 1 },
    { answer: 1 },
    { answer: 1 },
  ])
})

client('ask: undecided in time is undefined', async () => {
  await open()
  const subject = rig.client(NOWHERE)
  rig.storage.command(A, 'work')
  assert.is(await subject.ask(A, 1, 30), undefined)
})

client('ask: a thousand undecided commands do not hide one that is decided', async () => {
  await open()
  await rig.worker()
  const subject = await connected()
  const waiting = Array.from({ length: 1000 }, (_, i) => subject.ask(testAddress(`nobody${i}`), 1, 2000))
  await rig.send(A, 'work')
  assert.equal(await subject.ask(A, 1, 1500), { answer: 1 })
  assert.equal(new Set(await Promise.all(waiting)), new Set([undefined]))
})

client('ask: a store that is away leaves it undecided, and one that is back answers', async () => {
  await open()
  const subject = rig.client(NOWHERE)
  rig.storage.faults.away = true
  rig.storage.command(A, 'work')
  const asked = subject.ask(A, 1, 10_000)
  await rig.worker()
  rig.storage.faults.away = false
  await rig.ring(A)
  assert.equal(await asked, { answer: 1 })
})

client('close: whoever still waits is told that nothing is decided', async () => {
  await open()
  const subject = rig.client(NOWHERE)
  const asked = subject.ask(A, 1, 60_000)
  await subject.close()
  assert.is(await asked, undefined)
})

client('canAsk: no without a worker, yes with one, no for a parked actor, no without Redis', async () => {
  await open()
  const subject = await connected()
  assert.not(await subject.canAsk(A), 'no worker lives')
  await rig.worker()
  await rig.settlesWhen(() => subject.canAsk(A), 'a worker to live')
  await rig.redis.zadd('{0}:parked', Date.now() + 60_000, A)
  assert.not(await subject.canAsk(A), 'it is parked')
  assert.ok(await subject.canAsk(testAddress('b')))
  assert.not(await rig.client(NOWHERE).canAsk(A))
  await rig.redis.del('{0}:parked')
})

client('gauges: a dead worker counts no longer, and without Redis they throw', async () => {
  await open()
  await rig.ring(A, testAddress('b'))
  await rig.redis.zadd('{0}:leases', Date.now() - 60_000, 'dead', Date.now() + 60_000, 'alive')
  const subject = await connected()
  assert.equal(await subject.gauges(), { ready: 2, running: 0, scheduled: 0, parked: 0, workers: 1 })
  const error = await rig
    .client(NOWHERE)
    .gauges()
    .catch((thrown: unknown) => thrown)
  assert.instance(error, Error)
})

client('send: rings in groups, and never throws, not even without Redis', async () => {
  await open()
  const subject = await connected()
  const all = Array.from({ length: 600 }, (_, i): Address => testAddress(`x${i}`))
  subject.send(all)
  rig.client(NOWHERE).send(all)
  await rig.settlesWhen(async () => (await rig.gauges()).ready === 600, 'all to be ready')
})

client('overloaded: more is ready than workers carry in reasonable time, and not for longer than that', async () => {
  await open()
  const subject = await connected()
  assert.not(subject.overloaded)
  const fill = "for i = 1, ARGV[1] do redis.call('ZADD', KEYS[1], i, 'm/test/' .. i) end"
  await rig.redis.eval(fill, 1, '{0}:ready:test', READY_LIMIT + 1)
  await rig.settlesWhen(() => subject.overloaded, 'the client to be overloaded')
  await rig.redis.del('{0}:ready:test')
  await rig.settlesWhen(() => !subject.overloaded, 'the client to be as before')
})

client.run()
