import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type ActorDefinition, defineActor, type Handler } from './actor.ts'
import { Claims, type Ended, toAck } from './claims.ts'
import { monotonicMs } from './clock.ts'
import { Committer } from './committer.ts'
import { Lease, sentNow } from './lease.ts'
import { HORIZON_MS, MAX_REST_MS } from './limits.ts'
import type { Store } from './storage.ts'
import { type Event, MemoryStorage, type Row, type State, testAddress } from './testing/memory-storage.ts'
import { Watch } from './testing/watch.ts'
import type { TurnResult } from './turn.ts'

const claims = suite('claims')

class Stage {
  readonly storage = new MemoryStorage(['test'])
  readonly results = new Map<string, TurnResult>()
  readonly watch = new Watch()
  readonly claims: Claims
  readonly lease = new Lease('w1', 5000)

  constructor(work: Handler<State, Row, Event> = () => {}) {
    const store = this.storage.stores.test as Store<State, Row, Event>
    const definition = defineActor({ kind: 'test', store, handlers: { work }, slots: 9, deadlineMs: 5000 })
    this.lease.renew(sentNow())
    this.claims = new Claims(
      {
        worker: 'w1',
        actors: new Map<string, ActorDefinition>([['test', definition]]),
        committers: new Map([['test', new Committer(definition.store)]]),
        ring: () => {},
        reply: () => {},
        observer: undefined,
        onEnded: (_kind, result, address) => {
          this.results.set(address, result)
          this.watch.look()
        },
      },
      this.lease,
    )
  }

  /** Actors with a command each, claimed. */
  async take(...ids: string[]): Promise<void> {
    for (const id of ids) {
      this.storage.create(testAddress(id))
      this.storage.command(testAddress(id), 'work')
    }
    this.claims.take(
      ids.map((id) => ({ address: testAddress(id), doorbells: 1 })),
      this.lease.token(1),
    )
    this.claims.begin()
  }

  async ended(count: number): Promise<void> {
    await this.watch.until(() => this.results.size >= count, `${count} turns to end`)
  }

  outcome(id: string) {
    return this.results.get(testAddress(id))?.outcome
  }
}

claims("a row that can't be read fails its own turn, and nobody else's", async () => {
  const stage = new Stage()
  stage.storage.faults.refuse('load', 'bad')
  await stage.take('a', 'b', 'bad', 'c')
  await stage.ended(4)
  assert.equal(
    ['a', 'b', 'bad', 'c'].map((id) => stage.outcome(id)),
    ['ok', 'ok', 'fail', 'ok'],
  )
})

claims('a store that is away fails nobody: all rest', async () => {
  const stage = new Stage()
  stage.storage.faults.away = true
  await stage.take('a', 'b')
  await stage.ended(2)
  assert.equal(
    ['a', 'b'].map((id) => stage.outcome(id)),
    ['rest', 'rest'],
  )
  assert.ok(stage.results.get(testAddress('a'))?.storeAway)
})

claims('a doorbell for nobody is consumed', async () => {
  const stage = new Stage()
  stage.claims.take([{ address: testAddress('nobody'), doorbells: 3 }], stage.lease.token(1))
  stage.claims.begin()
  await stage.ended(1)
  const [ended] = stage.claims.takeEnded(9)
  const { consumed, outcome, nextMs } = toAck(ended as Ended)
  assert.equal([consumed, outcome, nextMs], [3, 'ok', -1])
})

claims('what was claimed under a lease that is gone is not acked: Redis has freed it already', async () => {
  const gate = Promise.withResolvers<void>()
  const stage = new Stage(() => gate.promise)
  await stage.take('a')
  stage.claims.under(new Lease('w1', 5000))
  gate.resolve()
  await stage.ended(1)
  assert.equal([stage.claims.ended, stage.claims.underWay], [0, 0])
})

claims("what Redis says is ours and nobody holds is given back at nobody's cost; the rest is left alone", async () => {
  const gate = Promise.withResolvers<void>()
  const stage = new Stage(() => gate.promise)
  await stage.take('held', 'ended')
  const token = stage.lease.token(1)
  stage.claims.reconcile({
    [testAddress('held')]: token,
    [testAddress('orphan')]: token,
    [testAddress('others')]: `${stage.lease.id}x:1`,
  })
  stage.claims.reconcile({ [testAddress('orphan')]: token })
  const acks = stage.claims.takeEnded(9).map(toAck)
  assert.equal(acks, [{ address: testAddress('orphan'), token, consumed: 0, outcome: 'rest', restMs: 0, nextMs: -1 }])
  gate.resolve()
})

const held = { address: testAddress('a'), kind: 'test', id: 'a', doorbells: 2, token: 't', lease: new Lease('w', 1) }
const ackOf = (result: TurnResult) => toAck({ held, result })

claims('an alarm is a duration, counted when the ack is written; beyond the horizon there is none', () => {
  const at = (dueAt: number | null) => ackOf({ outcome: 'ok', restMs: 0, dueAt }).nextMs
  assert.is(at(null), -1)
  assert.is(at(monotonicMs() - 50), 0)
  assert.is(at(monotonicMs() + HORIZON_MS + 1000), -1)
  const soon = at(monotonicMs() + 300)
  assert.ok(soon > 250 && soon <= 300 && Number.isInteger(soon))
})

claims('whatever a handler asked for, an ack carries whole bounded numbers', () => {
  const rest = (restMs: number) => ackOf({ outcome: 'rest', restMs, dueAt: null }).restMs
  assert.equal([Number.NaN, -5, 0.2, Number.POSITIVE_INFINITY].map(rest), [0, 0, 1, MAX_REST_MS])
})

claims('only a turn that went well consumes what rang', () => {
  const consumed = (outcome: TurnResult['outcome']) => ackOf({ outcome, restMs: 0, dueAt: null }).consumed
  assert.equal((['ok', 'rest', 'fail'] as const).map(consumed), [2, 0, 0])
})

claims.run()
