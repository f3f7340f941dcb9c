import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { freshRedis } from '../tests/support/index.ts'
import { Retry } from './actor.ts'
import type { Address } from './address.ts'
import { monotonicMs } from './clock.ts'
import { Gate } from './testing/gate.ts'
import { testAddress } from './testing/memory-storage.ts'
import { type Kind, Rig } from './testing/rig.ts'

const worker = suite('worker')
const { url, drop } = await freshRedis()
const A = testAddress('a')
const B = testAddress('b')
/** So long that nothing in a test is ever done by a heartbeat. */
const NO_HEARTBEAT = { leaseMs: 40_000 }

let rig: Rig
const open = async (kinds: Record<string, Kind>, partitions = 1) => {
  rig = await Rig.open(url, kinds, partitions)
}
const test = (handlers: Kind['handlers'], more: Omit<Kind, 'handlers'> = {}) => open({ test: { handlers, ...more } })

worker.after.each(() => rig.close())
worker.after(drop)

const lastSeq = (address: Address) => rig.storage.actor(address).lastSeq
const handled = (address: Address, count: number) =>
  rig.storage.until(() => lastSeq(address) >= count, `${count} commands of ${address} to be handled`)

worker('a doorbell is a turn: handled, written, acked, and nothing is left behind', async () => {
  await test({ work: (state) => void Object.assign(state, { done: true }) })
  const { name } = await rig.worker(NO_HEARTBEAT)
  rig.storage.create(A)
  const started = monotonicMs()
  await rig.send(A, 'work')
  await handled(A, 1)
  assert.ok(monotonicMs() - started < 1000, 'the wake token woke it')
  await rig.settled()
  const actor = rig.storage.actor(A)
  assert.equal([actor.state.done, actor.journal[0]?.worker], [true, name])
  assert.is(await rig.redis.exists(`{0}:q:${A}`), 0)
})

worker('a timer fires when it is due, by its alarm alone', async () => {
  await test({
    work: (_state, _message, turn) => turn.schedule('later', 60),
    later: (state) => void Object.assign(state, { fired: true }),
  })
  await rig.worker(NO_HEARTBEAT)
  rig.storage.create(A)
  await rig.send(A, 'work')
  await rig.storage.until(() => rig.storage.actor(A).state.fired === true, 'the timer to fire')
  const [line] = rig.storage.actor(A).journal.slice(-1)
  const late = (line?.started as number) - (line?.messages[0]?.at as number)
  assert.ok(late >= 0 && late < 500, `${late} ms late`)
})

worker('a wake-up that was lost costs a heartbeat, and not the five seconds that a worker listens', async () => {
  await test({ work: () => {} })
  await rig.worker({ leaseMs: 1000 })
  rig.storage.create(A)
  rig.storage.command(A, 'work')
  const started = monotonicMs()
  await rig.redis.multi().rpush(`{0}:q:${A}`, '!').zadd('{0}:ready:test', 1, A).exec()
  await handled(A, 1)
  assert.ok(monotonicMs() - started < 1000)
})

worker('a hundred commands are handled in order, sixteen a turn', async () => {
  await test({ work: () => {} })
  rig.storage.create(A)
  for (let i = 0; i < 100; i++) rig.storage.command(A, 'work')
  await rig.ring(A)
  await rig.worker(NO_HEARTBEAT)
  await handled(A, 100)
  const lines = rig.storage.actor(A).journal.map(({ messages }) => messages.map(({ seq }) => seq))
  assert.equal(
    lines.map((line) => line.length),
    [16, 16, 16, 16, 16, 16, 4],
  )
  assert.equal(
    lines.flat(),
    Array.from({ length: 100 }, (_, i) => i + 1),
  )
})

worker('a hot actor does not starve the others, not even with one slot', async () => {
  const order: string[] = []
  await test({ work: (_state, { seq }, turn) => void order.push(`${turn.address} ${seq}`) }, { slots: 1 })
  for (const address of [A, B]) rig.storage.create(address)
  for (let i = 0; i < 200; i++) rig.storage.command(A, 'work')
  await rig.ring(A)
  await rig.send(B, 'work')
  await rig.worker(NO_HEARTBEAT)
  await handled(A, 200)
  assert.is(order.indexOf(`${B} 1`), 16, 'right behind the first turn of the hot one')
})

worker('children that are born with a commit are rung, and so is whoever a handler sends to', async () => {
  await test({
    work: (_state, _message, turn) => {
      turn.emit({ type: 'born', child: testAddress('child') })
      turn.send(B)
    },
    born: (state) => void Object.assign(state, { lives: true }),
    waits: () => {},
  })
  for (const address of [A, B]) rig.storage.create(address)
  rig.storage.command(B, 'waits')
  await rig.worker(NO_HEARTBEAT)
  await rig.send(A, 'work')
  await handled(B, 1)
  await rig.storage.until(() => rig.storage.actor(testAddress('child')).state.lives === true, 'the child')
})

worker('slow deliveries take their own slots, and payments flow', async () => {
  const slowOnes = new Gate()
  await open({
    slow: { handlers: { work: slowOnes.pass }, slots: 2 },
    test: { handlers: { work: () => {} }, slots: 1 },
  })
  const slow = (i: number): Address => `1/slow/${i}`
  await rig.worker(NO_HEARTBEAT)
  for (let i = 0; i < 5; i++) {
    rig.storage.create(slow(i))
    await rig.send(slow(i), 'work')
  }
  await slowOnes.entered(2)
  for (let i = 0; i < 20; i++) {
    rig.storage.create(testAddress(`p${i}`))
    await rig.send(testAddress(`p${i}`), 'work')
    await handled(testAddress(`p${i}`), 1)
  }
  await rig.settlesWhen(async () => (await rig.gauges()).running === 2, 'only the slow ones to be running')
  slowOnes.open()
  await slowOnes.entered(2)
  slowOnes.open()
  await slowOnes.entered(1)
  slowOnes.open()
  await handled(slow(4), 1)
})

worker('a kind whose slots were all taken is listened for again once one is free', async () => {
  const slowOnes = new Gate()
  await open({
    slow: { handlers: { work: slowOnes.pass, quick: () => {} }, slots: 1 },
    test: { handlers: {}, slots: 1 },
  })
  const slow: Address = '1/slow/a'
  rig.storage.create(slow)
  await rig.worker(NO_HEARTBEAT)
  await rig.send(slow, 'work')
  await slowOnes.entered(1)
  slowOnes.open()
  await handled(slow, 1)
  await rig.settled()
  const started = monotonicMs()
  await rig.send(slow, 'quick')
  await handled(slow, 2)
  assert.ok(monotonicMs() - started < 1000, 'the doorbell was heard')
})

worker('partitions share the slots, and one that was left without hears when there is one', async () => {
  await open({ test: { handlers: { work: () => {} }, slots: 1 } }, 4)
  const all = Array.from({ length: 60 }, (_, i) => testAddress(`x${i}`))
  await rig.worker(NO_HEARTBEAT)
  for (const address of all) {
    rig.storage.create(address)
    await rig.send(address, 'work')
  }
  const started = monotonicMs()
  for (const address of all) await handled(address, 1)
  assert.ok(monotonicMs() - started < 3000)
  await rig.settled()
})

worker('Retry: the actor rests as long as it asked for, then its head runs again', async () => {
  let tries = 0
  await test({
    work: () => {
      tries++
      if (tries === 1) throw new Retry(150, 'not yet')
    },
  })
  rig.storage.create(A)
  await rig.worker(NO_HEARTBEAT)
  const started = monotonicMs()
  await rig.send(A, 'work')
  await handled(A, 1)
  assert.ok(monotonicMs() - started >= 150)
  assert.is(tries, 2)
  assert.is(await rig.redis.hget('{0}:fail', A), null)
})

worker.run()
