/**
 * One turn of one actor:
 *
 *  1. line up what is due: timers by their time, then commands by their number, at most sixteen;
 *  2. hand each to its handler with a draft of the state, timers and effects;
 *  3. when a handler throws, keep what the ones before it did, and leave it the head;
 *  4. commit everything in one piece, and say how the actor goes on.
 *
 * What a handler emits, sends or replies leaves only with the commit that ends its message. `save` lets state, rows and timers
 * go first, so that an intent is durable before anybody outside hears of it.
 */
import { Abort } from './abort.ts'
import { type ActorDefinition, Fenced, LeaseLost, type Message, Retry } from './actor.ts'
import { type Address, toAddress } from './address.ts'
import { Overloaded } from './batcher.ts'
import { clockFrom, monotonicMs } from './clock.ts'
import type { Committer } from './committer.ts'
import { type Answered, type Effects, joined, noEffects } from './effects.ts'
import { Handling, type TurnScope } from './handling.ts'
import { describeFailure, journalEntry, tenths } from './journal.ts'
import type { Lease } from './lease.ts'
import { handlerName, pendingMessages } from './messages.ts'
import { type Loaded, MESSAGES_A_TURN, StoreAway, type Timers } from './storage.ts'

/** How a turn ended, and what its ack has to say. */
export interface TurnResult {
  outcome: 'ok' | 'rest' | 'fail'
  restMs: number
  /** When the actor's earliest timer is due, by this process's monotonic clock; now, when more is due already; null: there is none. */
  dueAt: number | null
  error?: unknown
  /** True when the store could not be reached: the worker claims nothing for a while. */
  storeAway?: true
}

export interface TurnContext {
  worker: string
  lease: Lease
  committer: Committer
  /** Called after every commit. Both are owed whatever becomes of the rest of the turn, because the commit stands. */
  ring: (addresses: Address[]) => void
  reply: (to: Answered, address: Address) => void
}

interface Failure {
  message: Message<unknown>
  error: unknown
}

/** Rest after what was nobody's fault, so nothing is counted. */
const OUTAGE_REST_MS = 250
const ABORT_REST_MS = 1000

export class ActorTurn implements TurnScope {
  readonly address: Address
  readonly lease: Lease
  readonly abort = new Abort()
  readonly now: () => number
  readonly #definition: ActorDefinition
  readonly #context: TurnContext
  readonly #loaded: Loaded<unknown>
  readonly #startedAt = monotonicMs()
  /** Committed so far. */
  #version: number
  #facts: Record<string, unknown>
  /** The end of the last message that went well: state, timers, number, and effects that no commit has carried yet. */
  #state: unknown
  #timers: Timers
  #lastSeq: number
  #done = noEffects()
  /** A save has written the running message's draft: the state before it can't be restored from memory. */
  #saved = false
  /** A commit is on its way. */
  #committing = false

  constructor(definition: ActorDefinition, loaded: Loaded<unknown>, context: TurnContext) {
    this.#definition = definition
    this.#context = context
    this.#loaded = loaded
    this.address = toAddress({ tenant: loaded.tenant, kind: definition.kind, id: loaded.id })
    this.lease = context.lease
    this.now = clockFrom(loaded.now)
    this.#version = loaded.version
    this.#facts = definition.store.facts(loaded.state)
    this.#state = loaded.state
    this.#timers = loaded.timers
    this.#lastSeq = loaded.lastSeq
  }

  get tenant(): string {
    return this.#loaded.tenant
  }

  /** Never throws: what goes wrong is its result. */
  async run(): Promise<TurnResult> {
    const forget = this.lease.whenLost(() => this.abort.abort(new LeaseLost('the lease was lost')))
    try {
      const failure = await this.#handleAll()
      await this.#finish(failure)
      return this.#result(failure?.error ?? null)
    } catch (error) {
      return this.#result(error)
    } finally {
      forget()
    }
  }

  async #handleAll(): Promise<Failure | null> {
    for (const message of pendingMessages(this.#loaded)) {
      // Canceled or moved by a message before it.
      if (message.kind === 'timer' && this.#timers[message.name] !== message.at) continue
      const error = this.abort.reason ?? (await this.#handle(message))
      if (error !== null) return { message, error }
    }
    return null
  }

  #copy(): unknown {
    const { store } = this.#definition
    return store.copy ? store.copy(this.#state) : structuredClone(this.#state)
  }

  /** null, or what the handler threw. */
  async #handle(message: Message<unknown>): Promise<unknown> {
    // Only a message behind one that is not committed yet needs a copy: if it throws, what went before is still to be written.
    const before = this.#done.messages.length === 0 ? null : this.#copy()
    const handling = new Handling(this, message, this.#timers)
    const started = monotonicMs()
    this.#saved = false
    try {
      const handler = this.#definition.handlers[handlerName(message.name)]
      if (!handler) throw new Error(`a ${this.#definition.kind} has no handler for ${message.name}`)
      const work = handler(this.#state, message as Message<never>, handling)
      if (work) await this.abort.limit(work, this.#definition.deadlineMs)
    } catch (error) {
      if (before !== null && !this.#saved) this.#state = before
      return error ?? new Error('a handler threw nothing')
    } finally {
      handling.end()
    }
    this.#timers = handling.timers
    if (message.kind === 'command') this.#answer(message.seq, handling.effects)
    handling.effects.messages.push(told(message, monotonicMs() - started, handling.effects.events.length))
    this.#done = joined(this.#done, handling.effects)
    return null
  }

  /** A command is handled even if its handler replied nothing. */
  #answer(seq: number, effects: Effects): void {
    this.#lastSeq = seq
    if (effects.results.length === 0) effects.results.push({ seq, result: null })
    const replyTo = this.#loaded.commands.find((command) => command.seq === seq)?.replyTo
    if (replyTo) effects.answered.push({ replyTo, seq })
  }

  /** The running message stays due: its timer is written back, its command is not marked handled. */
  async save({ message, timers, effects }: Handling): Promise<void> {
    const due = message.kind === 'timer' ? { [message.name]: message.at } : {}
    const { rows, notes } = effects
    const carried = { ...this.#done, rows: this.#done.rows.concat(rows), notes: this.#done.notes.concat(notes) }
    effects.rows = []
    effects.notes = []
    try {
      await this.#commit({ ...due, ...timers }, carried, { save: true, error: null })
    } catch (error) {
      // They are still to be written, should the handler go on.
      effects.rows.unshift(...rows)
      effects.notes.unshift(...notes)
      throw error
    }
    this.#saved = true
  }

  async #finish(failure: Failure | null): Promise<void> {
    const error = failure && this.#isOwnFault(failure.error) ? describeFailure(failure.message, failure.error) : null
    if (this.#done.messages.length > 0) return await this.#commit(this.#timers, this.#done, { save: false, error })
    if (error !== null) await this.#journalFailure(error)
  }

  /** The failing handler may have left its draft anywhere: the stored state is what counts, so it is read again. */
  async #journalFailure(error: string): Promise<void> {
    const [loaded] = await this.#definition.store.load([this.#loaded.id])
    if (!loaded || loaded.version !== this.#version) return
    this.#state = loaded.state
    this.#timers = loaded.timers
    this.#lastSeq = loaded.lastSeq
    await this.#commit(loaded.timers, noEffects(), { save: false, error })
  }

  async #commit(timers: Timers, effects: Effects, how: { save: boolean; error: string | null }): Promise<void> {
    const { id, tenant, now: startedAt } = this.#loaded
    const { worker } = this.#context
    const after = this.#definition.store.facts(this.#state)
    const tookMs = monotonicMs() - this.#startedAt
    this.#committing = true
    const committed = this.#context.committer.commit({
      id,
      tenant,
      version: this.#version,
      state: this.#state,
      lastSeq: this.#lastSeq,
      timers,
      rows: effects.rows,
      events: effects.events,
      results: effects.results,
      journal: journalEntry({ worker, startedAt, tookMs, before: this.#facts, after, effects, ...how }),
    })
    const children = await committed.finally(() => {
      this.#committing = false
    })
    if (children === null) throw new Fenced('somebody else has moved this actor')
    this.#version++
    this.#facts = after
    this.#done = noEffects()
    if (children.length + effects.sends.length > 0) this.#context.ring([...children, ...effects.sends])
    for (const answered of effects.answered) this.#context.reply(answered, this.address)
  }

  #result(error: unknown): TurnResult {
    const dueAt = this.#dueAt()
    if (error === null) return { outcome: 'ok', restMs: 0, dueAt }
    if (error instanceof Retry) return { outcome: 'rest', restMs: error.delayMs, dueAt }
    if (error instanceof StoreAway) return { outcome: 'rest', restMs: OUTAGE_REST_MS, dueAt, error, storeAway: true }
    if (this.#isOwnFault(error)) return { outcome: 'fail', restMs: 0, dueAt, error }
    return { outcome: 'rest', restMs: restOf(error), dueAt, error }
  }

  /** Only a handler's own throw, or hanging, counts towards parking; an outage, a drain, a fence or a Retry is nobody's fault. */
  #isOwnFault(error: unknown): boolean {
    const { reason } = this.abort
    // The deadline may also pass while the store is slow, or the worker was asleep: that is no fault of a handler's.
    if (reason) return reason.name === 'TimeoutError' && !this.#committing && this.lease.leftMs > 0
    return !(
      error instanceof Retry ||
      error instanceof Fenced ||
      error instanceof LeaseLost ||
      error instanceof StoreAway ||
      error instanceof Overloaded
    )
  }

  #dueAt(): number | null {
    const { commands } = this.#loaded
    const last = commands.at(-1)
    if (last && (last.seq > this.#lastSeq || commands.length === MESSAGES_A_TURN)) return monotonicMs()
    let earliest = Number.POSITIVE_INFINITY
    for (const name in this.#timers) earliest = Math.min(earliest, this.#timers[name] as number)
    return Number.isFinite(earliest) ? monotonicMs() + earliest - this.now() : null
  }
}

/** Whoever has a lease may go on at once; a deadline that was missed may be missed again. */
function restOf(error: unknown): number {
  if (error instanceof LeaseLost) return 0
  return error instanceof Fenced || error instanceof Overloaded ? OUTAGE_REST_MS : ABORT_REST_MS
}

function told({ kind, name, seq, at }: Message<unknown>, tookMs: number, events: number) {
  const line = { kind, name, ...(kind === 'command' ? { seq } : { at }), took: tenths(tookMs) }
  return events > 0 ? { ...line, emitted: events } : line
}
