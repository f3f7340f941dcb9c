/** What may happen to a worker, short of its death: lost answers, lost leases, a silent Redis, an outage, a drain. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { freshRedis } from '../tests/support/index.ts'
import type { Address } from './address.ts'
import { Gate, untilAborted } from './testing/gate.ts'
import { testAddress } from './testing/memory-storage.ts'
import { type Kind, Rig } from './testing/rig.ts'
import { startWorker } from './worker.ts'

const worker = suite('worker faults')
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

worker(
  'a worker that Redis took for dead is fenced: its handlers are aborted, and it goes on with a new lease',
  async () => {
    const entered = Promise.withResolvers<void>()
    const aborted = Promise.withResolvers<unknown>()
    let isFirst = true
    await test({
      work: async (_state, _message, turn) => {
        if (!isFirst) return
        isFirst = false
        entered.resolve()
        await untilAborted(turn.signal).catch((reason) => {
          aborted.resolve(reason)
          throw reason
        })
      },
    })
    const leases: (string | null)[] = []
    await rig.worker({ leaseMs: 1200, onLease: ({ taken }) => leases.push(taken) })
    for (const address of [A, B]) rig.storage.create(address)
    await rig.send(A, 'work')
    await entered.promise
    await rig.partition(A).leave(leases[0] as string, true, 8)
    assert.match(String(await aborted.promise), /the lease was lost/)
    await rig.send(B, 'work')
    await Promise.all([handled(A, 1), handled(B, 1)])
    assert.is(new Set(leases).size, 2)
    await rig.settled()
  },
)

worker(
  'connections that are killed in the middle: every command is handled, once, and nothing is left behind',
  async () => {
    await test({ work: (state) => void Object.assign(state, { times: ((state.times as number) ?? 0) + 1 }) })
    const all = Array.from({ length: 300 }, (_, i) => testAddress(`x${i}`))
    for (const address of all) {
      rig.storage.create(address)
      rig.storage.command(address, 'work')
    }
    const wire = await rig.wire()
    await rig.worker({ redisUrl: wire.url, leaseMs: 3000 })
    const ringing = rig.ring(...all)
    for (const seen of [40, 120, 200]) {
      await rig.storage.until(
        () => all.filter((address) => lastSeq(address) > 0).length >= seen,
        `${seen} to be handled`,
      )
      wire.cut()
    }
    await ringing
    for (const address of all) await handled(address, 1)
    await rig.settled()
    assert.equal(new Set(all.map((address) => rig.storage.actor(address).state.times)), new Set([1]))
  },
)

worker('an answer that is lost on the wire: the same turn again answers the same claims', async () => {
  await test({ work: () => {} })
  const wire = await rig.wire()
  await rig.worker({ redisUrl: wire.url, ...NO_HEARTBEAT })
  const all = Array.from({ length: 20 }, (_, i) => testAddress(`x${i}`))
  for (const [i, address] of all.entries()) {
    rig.storage.create(address)
    if (i % 4 === 0) wire.loseReplies(1)
    await rig.send(address, 'work')
    await handled(address, 1)
  }
  await rig.settled()
  assert.is(await rig.redis.hget('{0}:cnt', 'reaped'), null, 'no claim had to wait for the lease to run out')
})

worker('while Redis is silent for longer than the lease nothing is done outside; then it goes on', async () => {
  const entered = Promise.withResolvers<void>()
  const gone = Promise.withResolvers<void>()
  const outside: string[] = []
  await test({
    work: async (_state, _message, turn) => {
      entered.resolve()
      await gone.promise
      await turn.effect(async () => void outside.push('called'))
    },
    next: () => {},
  })
  const wire = await rig.wire()
  await rig.worker({ redisUrl: wire.url, leaseMs: 800 })
  for (const address of [A, B]) rig.storage.create(address)
  await rig.send(A, 'work')
  await entered.promise
  wire.silence()
  await rig.settlesWhen(() => rig.errors.length > 0, 'the worker to notice')
  gone.resolve()
  await rig.settlesWhen(() => rig.errors.some(({ what }) => what === A), 'the turn to end')
  assert.equal(outside, [])
  wire.speak()
  await rig.send(B, 'next')
  await Promise.all([handled(A, 1), handled(B, 1)])
  assert.equal(outside, ['called'])
})

worker('a handler that never settles is left behind at its deadline, and its slot is free again', async () => {
  let isFirst = true
  await test(
    {
      work: () => {
        if (!isFirst) return
        isFirst = false
        return new Promise<void>(() => {})
      },
    },
    { slots: 1, deadlineMs: 30 },
  )
  for (const address of [A, B]) rig.storage.create(address)
  await rig.worker()
  await rig.send(A, 'work')
  await rig.send(B, 'work')
  await handled(B, 1)
  assert.equal(
    rig.errors.map(({ error, what }) => [(error as Error).name, what]),
    [['TimeoutError', A]],
  )
  await handled(A, 1)
})

worker('a poison message parks its actor with its mailbox kept, while others go on', async () => {
  await test({
    work: () => {},
    poison: () => {
      throw new Error('always')
    },
  })
  for (const address of [A, B]) rig.storage.create(address)
  await rig.worker()
  await rig.redis.hset('{0}:fail', A, 7)
  await rig.send(A, 'work', 'poison')
  await rig.storage.until(() => rig.storage.actor(A).journal.length > 0, 'the turn of A')
  await rig.send(B, 'work')
  await handled(B, 1)
  await rig.settled()
  assert.equal([(await rig.gauges()).parked, lastSeq(A)], [1, 1])
  assert.is(await rig.redis.llen(`{0}:q:${A}`), 1)
  assert.match(rig.storage.actor(A).journal[0]?.error as string, /poison: always/)
})

worker('while the store is away nobody fails; once it is back everything is handled', async () => {
  await test({ work: () => {} })
  const all = Array.from({ length: 100 }, (_, i) => testAddress(`x${i}`))
  rig.storage.faults.away = true
  await rig.worker()
  for (const address of all) {
    rig.storage.create(address)
    rig.storage.command(address, 'work')
  }
  await rig.ring(...all)
  await rig.settlesWhen(() => rig.errors.length > 3, 'the outage to be noticed')
  assert.ok((await rig.gauges()).ready > 50, 'nothing more is claimed while it is away')
  rig.storage.faults.away = false
  for (const address of all) await handled(address, 1)
  await rig.settled()
  assert.is(await rig.redis.hlen('{0}:fail'), 0)
})

worker('drain finishes what is under way, claims nothing more, and leaves', async () => {
  const gate = new Gate()
  await test({ work: gate.pass })
  for (const address of [A, B]) rig.storage.create(address)
  const subject = await rig.worker()
  await rig.send(A, 'work')
  await gate.entered(1)
  const drained = subject.drain()
  await rig.send(B, 'work')
  gate.open()
  await drained
  assert.equal([lastSeq(A), lastSeq(B)], [1, 0])
  const { ready, running, leases } = await rig.gauges()
  assert.equal([ready, running, leases], [1, 0, 0])
})

worker('drain out of time aborts, and what was under way is free for others at once', async () => {
  await test({ work: (_state, _message, turn) => untilAborted(turn.signal) })
  rig.storage.create(A)
  const subject = await rig.worker(NO_HEARTBEAT)
  await rig.send(A, 'work')
  await rig.settlesWhen(() => subject.underWay === 1, 'the turn to begin')
  await subject.drain(50)
  const { ready, running, leases } = await rig.gauges()
  assert.equal([ready, running, leases, lastSeq(A)], [1, 0, 0, 0])
  assert.is(await rig.redis.hget('{0}:fail', A), null, "at nobody's cost")
})

worker('drain ends although Redis is gone', async () => {
  await test({ work: () => {} })
  const wire = await rig.wire()
  const subject = await rig.worker({ redisUrl: wire.url })
  await wire.close()
  await subject.drain(50)
})

worker('what is born of an outcome that nobody knows is found by the next load', async () => {
  await test({ work: (_state, _message, turn) => turn.reply('once') })
  rig.storage.create(A)
  rig.storage.faults.loseNextOutcome()
  await rig.worker()
  await rig.send(A, 'work')
  await handled(A, 1)
  await rig.settled()
  assert.is(rig.storage.actor(A).version, 1)
})

worker('a Redis that is not there: it says so, and nothing goes on trying', async () => {
  await test({})
  const redisUrl = 'redis://127.0.0.1:1'
  const starting = startWorker({ redisUrl, partitions: 2, actors: [], onError: () => {} })
  const error = await starting.catch((thrown: Error) => thrown.message)
  assert.match(error as string, /Redis can't be reached: .*ECONNREFUSED/)
})

worker.run()
