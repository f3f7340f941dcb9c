import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type ActorDefinition, defineActor, Fenced, type Handler, LeaseLost, Retry } from './actor.ts'
import type { Address } from './address.ts'
import { monotonicMs } from './clock.ts'
import { Committer } from './committer.ts'
import type { Answered } from './effects.ts'
import { Lease, sentNow } from './lease.ts'
import type { Loaded, Store } from './storage.ts'
import { type Event, MemoryStorage, type Row, type State, testAddress } from './testing/memory-storage.ts'
import { ActorTurn, type TurnResult } from './turn.ts'

const turn = suite('turn')

type Handlers = Record<string, Handler<State, Row, Event>>

/** An actor in memory, and turns of it. */
class Stage {
  readonly storage = new MemoryStorage(['test'])
  readonly address = testAddress('a')
  readonly lease = new Lease('worker', 5000)
  readonly rung: Address[] = []
  readonly answered: Answered[] = []
  /** How far the store's clock is ahead of this machine's. */
  storeAheadMs = 0
  readonly #definition: ActorDefinition
  readonly #committer: Committer

  constructor(handlers: Handlers, timers: Record<string, number> = {}, deadlineMs = 5000) {
    const store = this.storage.stores.test as Store<State, Row, Event>
    this.#definition = defineActor({ kind: 'test', store, handlers, slots: 1, deadlineMs })
    this.#committer = new Committer(this.#definition.store)
    this.storage.create(this.address, timers)
    this.lease.renew(sentNow())
  }

  get actor() {
    return this.storage.actor(this.address)
  }

  send(...names: string[]): void {
    for (const name of names) this.storage.command(this.address, name, {}, `list-of-${name}`)
  }

  async turn(): Promise<TurnResult> {
    const [row] = await this.#definition.store.load(['a'])
    const loaded = row as Loaded<unknown>
    return await new ActorTurn(
      this.#definition,
      { ...loaded, now: loaded.now + this.storeAheadMs },
      {
        worker: 'w1',
        lease: this.lease,
        committer: this.#committer,
        ring: (addresses) => this.rung.push(...addresses),
        reply: (answered) => this.answered.push(answered),
      },
    ).run()
  }

  /** Names of the messages that each journal line tells of. */
  get lines(): string[][] {
    return this.actor.journal.map(({ messages }) => messages.map(({ name }) => name))
  }
}

const append = (state: State, name: string) => {
  state.log = [...((state.log as string[] | undefined) ?? []), name]
}
const log: Handler<State, Row, Event> = (state, message) => append(state, message.name)

turn('timers go first, by their time, then commands by their number; all of it is one commit', async () => {
  const stage = new Stage({ early: log, late: log, first: log, second: log }, { late: -10, early: -20, later: 60_000 })
  stage.send('first', 'second')
  const { outcome } = await stage.turn()
  assert.is(outcome, 'ok')
  assert.equal(stage.actor.state.log, ['early', 'late', 'first', 'second'])
  assert.equal(Object.keys(stage.actor.timers), ['later'])
  assert.is(stage.actor.version, 1)
  assert.is(stage.actor.lastSeq, 2)
})

turn(
  'message three throws: one and two are committed, and three stays the head with no trace of its draft',
  async () => {
    let broken = true
    const stage = new Stage({
      work: log,
      breaks: (state, _message, { schedule, emit, write }) => {
        append(state, 'draft')
        if (!broken) return
        throw new Error(`no ${typeof schedule} ${typeof emit} ${typeof write}`)
      },
    })
    stage.send('work', 'work', 'breaks', 'work')
    const result = await stage.turn()
    assert.is(result.outcome, 'fail')
    assert.equal(stage.actor.state.log, ['work', 'work'])
    assert.is(stage.actor.lastSeq, 2)
    assert.match(stage.actor.journal[0]?.error as string, /^breaks: no/)
    broken = false
    assert.is((await stage.turn()).outcome, 'ok')
    assert.equal(stage.actor.state.log, ['work', 'work', 'draft', 'work'])
  },
)

turn('what a throwing handler wanted from the world leaves with nobody', async () => {
  const stage = new Stage({
    breaks: (_state, _message, turn) => {
      turn.write({ key: 'row' })
      turn.emit({ type: 'event' })
      turn.send(testAddress('b'))
      turn.schedule('again', 0)
      turn.reply('never')
      throw new Error('no')
    },
  })
  stage.send('breaks')
  await stage.turn()
  assert.is(stage.actor.rows.size, 0)
  assert.equal(stage.actor.events, [])
  assert.equal(stage.actor.timers, {})
  assert.equal([stage.rung, stage.answered], [[], []])
  assert.equal(stage.lines, [[]], 'the failure itself is journaled')
})

turn('what a handler wanted leaves with the commit: rows, events, doorbells, replies', async () => {
  const stage = new Stage({
    work: (_state, _message, turn) => {
      turn.write({ key: 'row' })
      turn.emit({ type: 'born', child: testAddress('child') })
      turn.send(testAddress('b'))
      turn.reply({ status: 200 })
      turn.reply('the first reply stands')
    },
  })
  stage.send('work')
  await stage.turn()
  assert.equal([...stage.actor.rows.keys()], ['row'])
  assert.equal(stage.actor.commands[0]?.result, { status: 200 })
  assert.equal(stage.rung, [testAddress('child'), testAddress('b')])
  assert.equal(stage.answered, [{ replyTo: 'list-of-work', seq: 1 }])
})

turn('a command without a reply is handled all the same', async () => {
  const stage = new Stage({ work: () => {} })
  stage.send('work')
  await stage.turn()
  assert.equal([stage.actor.commands[0]?.handled, stage.actor.commands[0]?.result], [true, null])
})

turn('nobody hears anything of a turn that is fenced', async () => {
  const stage = new Stage({
    work: (_state, _message, turn) => {
      turn.emit({ type: 'event' })
      turn.send(testAddress('b'))
      turn.reply('no')
      stage.storage.move(stage.address)
    },
  })
  stage.send('work')
  const { outcome, error } = await stage.turn()
  assert.is(outcome, 'rest', 'nobody is at fault')
  assert.instance(error, Fenced)
  assert.equal([stage.actor.events, stage.rung, stage.answered], [[], [], []])
})

turn('save: the intent is durable, the running message stays due, and its own events wait for its end', async () => {
  let seen: unknown
  const stage = new Stage(
    {
      earlier: (_state, _message, turn) => turn.emit({ type: 'earlier' }),
      charge: async (state, _message, turn) => {
        state.asked = true
        turn.write({ key: 'operation' })
        turn.emit({ type: 'charged' })
        turn.reply('charged')
        await turn.save()
        const { actor } = stage
        seen = {
          events: [...actor.events],
          rows: [...actor.rows.keys()],
          lastSeq: actor.lastSeq,
          asked: actor.state.asked,
        }
      },
    },
    {},
  )
  stage.send('earlier', 'charge')
  await stage.turn()
  assert.equal(seen, { events: [{ type: 'earlier' }], rows: ['operation'], lastSeq: 1, asked: true })
  assert.equal(stage.actor.events, [{ type: 'earlier' }, { type: 'charged' }])
  assert.equal(stage.lines, [['earlier'], ['charge']])
  assert.equal(
    stage.actor.journal.map(({ save }) => save),
    [true, undefined],
  )
})

turn('save: the doorbells and replies of earlier messages leave at once, not when the bank has answered', async () => {
  const stage = new Stage({
    earlier: (_state, _message, turn) => turn.emit({ type: 'born', child: testAddress('child') }),
    charge: async (_state, _message, turn) => {
      await turn.save()
      assert.equal(stage.rung, [testAddress('child')])
      assert.equal(stage.answered, [{ replyTo: 'list-of-earlier', seq: 1 }])
    },
  })
  stage.send('earlier', 'charge')
  assert.is((await stage.turn()).outcome, 'ok')
})

turn('save: a timer that is running is written back, so that after a crash it is due again', async () => {
  let during: unknown
  const stage = new Stage(
    {
      inquire: async (_state, _message, turn) => {
        await turn.save()
        during = Object.keys(stage.actor.timers)
      },
    },
    { inquire: -1 },
  )
  await stage.turn()
  assert.equal(during, ['inquire'])
  assert.equal(stage.actor.timers, {})
})

turn('save, then a throw: what was saved stands, and the message is the head again', async () => {
  const stage = new Stage({
    work: log,
    charge: async (state, _message, turn) => {
      state.asked = true
      await turn.save()
      state.asked = 'and answered'
      throw new Error('the bank is gone')
    },
  })
  stage.send('work', 'charge', 'work')
  assert.is((await stage.turn()).outcome, 'fail')
  assert.equal(stage.actor.state, { log: ['work'], asked: true })
  assert.is(stage.actor.lastSeq, 1)
  assert.match(stage.actor.journal.at(-1)?.error as string, /the bank is gone/)
})

turn('a save whose outcome is unknown: the row is still to be written when the handler goes on', async () => {
  const stage = new Stage({
    work: async (_state, _message, turn) => {
      turn.write({ key: 'row' })
      stage.storage.faults.away = true
      await turn.save().catch(() => {})
      stage.storage.faults.away = false
    },
  })
  stage.send('work')
  assert.is((await stage.turn()).outcome, 'ok')
  assert.equal([...stage.actor.rows.keys()], ['row'])
})

turn('a timer that was canceled, or moved, by a message before it does not fire', async () => {
  const stage = new Stage(
    {
      first: (_state, _message, turn) => {
        turn.cancel('second')
        turn.schedule('third', 60_000)
      },
      second: log,
      third: log,
    },
    { first: -30, second: -20, third: -10 },
  )
  await stage.turn()
  assert.is(stage.actor.state.log, undefined)
  assert.equal(Object.keys(stage.actor.timers), ['third'])
})

turn('a named timer replaces its namesake, and a suffix only chooses which one', async () => {
  const stage = new Stage(
    {
      refund: (_state, { name }, turn) => {
        turn.schedule('expire', 5000)
        turn.schedule('expire', 9000)
        append(_state, name)
        assert.ok(turn.scheduled('expire'))
        assert.not(turn.scheduled('refund:1'))
      },
    },
    { 'refund:1': -1 },
  )
  const { dueAt } = await stage.turn()
  assert.equal(stage.actor.state.log, ['refund:1'])
  assert.equal(Object.keys(stage.actor.timers), ['expire'])
  assert.ok(Math.abs((dueAt as number) - monotonicMs() - 9000) < 1000)
})

turn('the store’s clock says what is due and when to ring again, whatever the one of this machine says', async () => {
  const HOUR = 3_600_000
  const stage = new Stage({ soon: (_state, _message, turn) => turn.schedule('later', 1000) }, { soon: HOUR })
  assert.equal([(await stage.turn()).outcome, stage.lines], ['ok', []])
  stage.storeAheadMs = HOUR + 10
  const { dueAt } = await stage.turn()
  assert.equal(stage.lines, [['soon']])
  const later = (stage.actor.timers.later as number) - Date.now() - HOUR
  assert.ok(later > 500 && later <= 1020, `${later} ms`)
  const inMs = (dueAt as number) - monotonicMs()
  assert.ok(inMs > 500 && inMs <= 1002, `${inMs} ms`)
})

turn('Retry: the head is kept, later messages wait, and no failure is counted or journaled', async () => {
  const stage = new Stage({
    work: log,
    waits: () => {
      throw new Retry(700, 'the bank has not decided')
    },
  })
  stage.send('work', 'waits', 'work')
  const { outcome, restMs, error } = await stage.turn()
  assert.equal([outcome, restMs, error], ['rest', 700, undefined])
  assert.equal(stage.actor.state.log, ['work'])
  assert.is(stage.actor.journal[0]?.error, undefined)
})

turn('a handler that never settles is aborted at its deadline, and its turn goes on without it', async () => {
  let left: Promise<unknown> = Promise.resolve()
  const stage = new Stage(
    {
      work: log,
      hangs: (_state, _message, turn) => {
        left = new Promise((resolve) => setTimeout(resolve, 1500)).then(() => turn.save())
        left.catch(() => {})
        return left as Promise<void>
      },
    },
    {},
    20,
  )
  stage.send('work', 'hangs', 'work')
  const { outcome, error } = await stage.turn()
  assert.equal(
    [outcome, (error as Error).name],
    ['fail', 'TimeoutError'],
    'one that hangs each time is parked in the end',
  )
  assert.equal(stage.actor.state.log, ['work'], 'what it did before the deadline stands')
  assert.is(stage.actor.journal.at(-1)?.error, 'hangs: no end after 20 ms')
  const { version } = stage.actor
  assert.instance(await left.catch((thrown) => thrown), Fenced, 'it may not save any more')
  assert.is(stage.actor.version, version)
})

turn('a deadline that passes while the store is slow, or after the lease ran out, is nobody’s fault', async () => {
  const slow = new Stage({ saves: (_state, _message, turn) => turn.save() }, {}, 20)
  slow.send('saves')
  const { release } = slow.storage.faults.hold('commit')
  assert.is((await slow.turn()).outcome, 'rest')
  release()
  const asleep = new Stage({ hangs: () => new Promise(() => {}) }, {}, 20)
  asleep.send('hangs')
  asleep.lease.renew({ monotonic: monotonicMs() - 5000, wall: 0 })
  assert.is((await asleep.turn()).outcome, 'rest')
  assert.equal(asleep.actor.journal, [], 'who slept past his lease writes nothing')
})

turn('a promise that a handler left floating can do nothing in the name of the next message', async () => {
  let later: () => void = () => {}
  const stage = new Stage({
    floats: (_state, _message, turn) => {
      later = () => turn.schedule('ghost', 0)
    },
    next: () => assert.throws(() => later(), /this turn is over/),
  })
  stage.send('floats', 'next')
  assert.is((await stage.turn()).outcome, 'ok')
  assert.equal(stage.actor.timers, {})
})

turn('a lost lease: nothing is done outside, no further message is begun, and nobody is at fault', async () => {
  let called = false
  const stage = new Stage({
    loses: () => stage.lease.lose(),
    calls: (_state, _message, turn) =>
      turn.effect(async () => {
        called = true
      }),
  })
  stage.send('loses', 'calls')
  const { outcome, error } = await stage.turn()
  assert.equal([outcome, called, stage.actor.lastSeq], ['rest', false, 1])
  assert.instance(error, LeaseLost)
})

turn('a lease that ran out, though nobody has said so yet: nothing is done outside', async () => {
  const stage = new Stage({ calls: (_state, _message, turn) => turn.effect(async () => {}) })
  stage.send('calls')
  const { monotonic, wall } = sentNow()
  stage.lease.renew({ monotonic: monotonic - 4600, wall })
  const { outcome, error } = await stage.turn()
  assert.is(outcome, 'rest')
  assert.instance(error, LeaseLost)
})

turn('an effect has a signal that is aborted with the turn, and answers what was done', async () => {
  const stage = new Stage({
    calls: async (state, _message, turn) => {
      state.answer = await turn.effect(async (signal) => (signal.aborted ? 'aborted' : 'done'))
    },
  })
  stage.send('calls')
  await stage.turn()
  assert.is(stage.actor.state.answer, 'done')
})

turn('the store is away: rest, and the worker learns of it', async () => {
  const stage = new Stage({
    work: () => {
      stage.storage.faults.away = true
    },
  })
  stage.send('work')
  const { outcome, storeAway } = await stage.turn()
  assert.equal([outcome, storeAway], ['rest', true])
})

turn('a commit of unknown outcome: no reply, no doorbell, rest; the next load tells that it was written', async () => {
  const stage = new Stage({
    work: (_state, _message, turn) => {
      turn.reply('done')
      turn.send(testAddress('b'))
    },
  })
  stage.send('work')
  stage.storage.faults.loseNextOutcome()
  assert.is((await stage.turn()).outcome, 'rest')
  assert.equal([stage.answered, stage.rung], [[], []])
  assert.is((await stage.turn()).outcome, 'ok')
  assert.is(stage.actor.version, 1, 'it was not handled twice')
})

turn('sixteen messages a turn: the rest is due at once, and handled in order', async () => {
  const stage = new Stage({ work: (state, { seq }) => append(state, String(seq)) })
  stage.send(...Array.from({ length: 40 }, () => 'work'))
  for (const handled of [16, 32, 40]) {
    const { dueAt } = await stage.turn()
    assert.is(stage.actor.lastSeq, handled)
    assert.is(dueAt !== null && dueAt <= monotonicMs(), handled < 40, `after ${handled}`)
  }
  assert.equal(
    stage.actor.state.log,
    Array.from({ length: 40 }, (_, i) => String(i + 1)),
  )
})

turn('timers and commands together are sixteen at most', async () => {
  const stage = new Stage({ due: log, work: log }, { 'due:1': -1, 'due:2': -1, 'due:3': -1 })
  stage.send(...Array.from({ length: 20 }, () => 'work'))
  await stage.turn()
  assert.equal([stage.lines[0]?.length, stage.actor.lastSeq], [16, 13])
  await stage.turn()
  assert.is(stage.actor.lastSeq, 20)
})

turn('an empty turn writes nothing', async () => {
  const stage = new Stage({}, { later: 60_000 })
  const { outcome, dueAt } = await stage.turn()
  assert.is(outcome, 'ok')
  assert.is(stage.actor.version, 0)
  assert.ok((dueAt as number) > monotonicMs() + 50_000)
})

turn("a message that nobody handles is the actor's own failure", async () => {
  const stage = new Stage({ work: log })
  stage.send('work', 'unknown')
  const { outcome, error } = await stage.turn()
  assert.is(outcome, 'fail')
  assert.match(String(error), /a test has no handler for unknown/)
  assert.is(stage.actor.lastSeq, 1)
})

turn("a timer's delay is a number of ms that a clock can show", async () => {
  for (const delay of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
    const stage = new Stage({ work: (_state, _message, turn) => turn.schedule('later', delay) })
    stage.send('work')
    const { error } = await stage.turn()
    assert.match(String(error), /0 or more ms/)
  }
})

turn('the journal: a line a turn, with worker, messages, causes, facts that changed and notes', async () => {
  const stage = new Stage(
    {
      inquire: (state, _message, turn) => {
        state.status = 'success'
        turn.note({ kind: 'attempt', name: 'inquire', took: 3 })
        turn.schedule('expire', 1000)
        turn.send(testAddress('b'))
      },
      capture: () => {},
    },
    { inquire: -5 },
  )
  stage.send('capture')
  const due = stage.actor.timers.inquire as number
  await stage.turn()
  const [line] = stage.actor.journal
  const { messages = [], worker, changed, notes = [], scheduled = {}, sent } = line ?? {}
  assert.equal(
    messages.map(({ kind, name, seq, at }) => [kind, name, seq, at]),
    [
      ['timer', 'inquire', undefined, due],
      ['command', 'capture', 1, undefined],
    ],
  )
  assert.equal([worker, changed, sent], ['w1', { status: 'success' }, [testAddress('b')]])
  assert.equal([notes[0]?.name, notes[0]?.took, typeof notes[0]?.at], ['inquire', 3, 'number'])
  assert.is(scheduled.expire, stage.actor.timers.expire)
})

turn.run()
