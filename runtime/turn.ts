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
import { type ActorDefinition, Fenced, LeaseLost, type Message, Retry, type Turn } from './actor.ts'
import { type Address, toAddress } from './address.ts'
import { clockFrom, monotonicMs } from './clock.ts'
import type { Committer } from './committer.ts'
import type { Lease } from './lease.ts'
import {
  type Commit,
  type JournalEntry,
  type Loaded,
  MESSAGES_A_TURN,
  type Note,
  StoreAway,
  type Timers,
} from './storage.ts'

/** How a turn ended, and what its ack has to say. */
export interface TurnResult {
  outcome: 'ok' | 'rest' | 'fail'
  restMs: number
  /** Earliest timer in ms from now; 0 when more is due already; null: none. */
  nextMs: () => number | null
  /** Waiting callers whose command now has its result. */
  answered: { replyTo: string; seq: number }[]
  /** Doorbells to ring now that the commit stands. */
  ring: Address[]
  error?: unknown
  /** True when the store could not be reached: the worker claims nothing for a while. */
  storeAway?: true
}

export interface TurnContext {
  worker: string
  lease: Lease
  committer: Committer
}

interface Effects {
  rows: unknown[]
  events: unknown[]
  results: { seq: number; result: unknown }[]
  answered: { replyTo: string; seq: number }[]
  sends: Address[]
  notes: Note[]
  messages: JournalEntry['messages']
  scheduled: Timers
}

const none = (): Effects => ({
  rows: [],
  events: [],
  results: [],
  answered: [],
  sends: [],
  notes: [],
  messages: [],
  scheduled: {},
})

function join(into: Effects, from: Effects): void {
  into.rows.push(...from.rows)
  into.events.push(...from.events)
  into.results.push(...from.results)
  into.answered.push(...from.answered)
  into.sends.push(...from.sends)
  into.notes.push(...from.notes)
  into.messages.push(...from.messages)
  Object.assign(into.scheduled, from.scheduled)
}

/** What is due to an actor, in the order in which it is handled. */
export function pendingMessages(loaded: Loaded<unknown>): Message<unknown>[] {
  const timers = Object.entries(loaded.timers)
    .filter(([, due]) => due <= loaded.now)
    .sort(([a, dueA], [b, dueB]) => dueA - dueB || (a < b ? -1 : 1))
    .map(([name, at]): Message<unknown> => ({ kind: 'timer', name, body: null, seq: 0, at }))
  const commands = loaded.commands.map(
    ({ name, body, seq }): Message<unknown> => ({ kind: 'command', name, body, seq, at: loaded.now }),
  )
  return [...timers, ...commands].slice(0, MESSAGES_A_TURN)
}

/** After a handler's deadline it has this long to notice the abort; then its turn goes on without it. */
const ABORT_GRACE_MS = 1000
/** Rest after an outage, an abort, or a fence: nobody's fault, so nothing is counted. */
const OUTAGE_REST_MS = 250
const ABORT_REST_MS = 1000

export class ActorTurn {
  readonly #definition: ActorDefinition
  readonly #context: TurnContext
  readonly #loaded: Loaded<unknown>
  readonly #now: () => number
  readonly #address: Address
  readonly #abort = new AbortController()
  readonly #startedAt: number
  /** Committed so far. */
  #version: number
  #facts: Record<string, unknown>
  /** The end of the last message that went well: state, timers, number, and effects that no commit has carried yet. */
  #state: unknown
  #timers: Timers
  #lastSeq: number
  #done = none()
  #ring: Address[] = []
  #answered: { replyTo: string; seq: number }[] = []
  /** A save has written the running message's draft: the state before it can't be restored from memory. */
  #saved = false
  #over = false

  constructor(definition: ActorDefinition, loaded: Loaded<unknown>, context: TurnContext) {
    this.#definition = definition
    this.#context = context
    this.#loaded = loaded
    this.#now = clockFrom(loaded.now)
    this.#address = toAddress({ tenant: loaded.tenant, kind: definition.kind, id: loaded.id })
    this.#startedAt = monotonicMs()
    this.#version = loaded.version
    this.#facts = definition.store.facts(loaded.state)
    this.#state = loaded.state
    this.#timers = loaded.timers
    this.#lastSeq = loaded.lastSeq
  }

  async run(): Promise<TurnResult> {
    const onLost = () => this.#abort.abort(new LeaseLost('the lease was lost'))
    this.#context.lease.signal.addEventListener('abort', onLost, { once: true })
    try {
      return await this.#run()
    } finally {
      this.#over = true
      this.#context.lease.signal.removeEventListener('abort', onLost)
    }
  }

  async #run(): Promise<TurnResult> {
    const messages = pendingMessages(this.#loaded)
    let failure: { message: Message<unknown>; error: unknown } | null = null
    for (const message of messages) {
      if (message.kind === 'timer' && this.#timers[message.name] !== message.at) continue // canceled or moved meanwhile
      const error = await this.#handle(message)
      if (error === null) continue
      failure = { message, error }
      break
    }
    try {
      await this.#finish(failure)
    } catch (error) {
      return this.#result(error)
    }
    return this.#result(failure?.error ?? null)
  }

  /** null, or what the handler threw. */
  async #handle(message: Message<unknown>): Promise<unknown> {
    const handler = this.#definition.handlers[message.name.split(':', 1)[0] as string]
    const first = this.#done.messages.length === 0
    // Only a message behind one that is not committed yet needs a copy: if it throws, what went before is still to be written.
    const before = first ? null : structuredClone(this.#state)
    const timers = { ...this.#timers }
    if (message.kind === 'timer') delete timers[message.name]
    const effects = none()
    const started = monotonicMs()
    try {
      if (!handler) throw new Error(`a ${this.#definition.kind} has no handler for ${message.name}`)
      await this.#untilDeadline(async () => {
        await handler(this.#state, message as Message<never>, this.#turn(message, timers, effects))
      })
    } catch (error) {
      if (before && !this.#saved) this.#state = before
      return error ?? new Error('a handler threw nothing')
    }
    const took = Math.round((monotonicMs() - started) * 10) / 10
    const { kind, name, seq, at } = message
    effects.messages.push(kind === 'command' ? { kind, name, seq, took } : { kind, name, at, took })
    if (kind === 'command') {
      this.#lastSeq = seq
      if (effects.results.length === 0) effects.results.push({ seq, result: null })
      const replyTo = this.#loaded.commands.find((command) => command.seq === seq)?.replyTo
      if (replyTo) effects.answered.push({ replyTo, seq })
    }
    this.#timers = timers
    this.#saved = false
    join(this.#done, effects)
    return null
  }

  /** Runs a handler under its deadline. One that ignores its signal is left behind: its turn object throws from then on. */
  async #untilDeadline(handle: () => Promise<void>): Promise<void> {
    const { deadlineMs } = this.#definition
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const error = new DOMException(`no end after ${deadlineMs} ms`, 'TimeoutError')
        this.#abort.abort(error)
        timer = setTimeout(() => reject(error), ABORT_GRACE_MS)
      }, deadlineMs)
    })
    try {
      await Promise.race([handle(), late])
    } finally {
      clearTimeout(timer)
    }
  }

  #turn(message: Message<unknown>, timers: Timers, effects: Effects): Turn<unknown, unknown> {
    const live = () => {
      if (this.#over) throw new Fenced('this turn is over')
    }
    return {
      address: this.#address,
      tenant: this.#loaded.tenant,
      signal: this.#abort.signal,
      now: this.#now,
      send: (address) => void effects.sends.push(address),
      schedule: (name, delayMs) => {
        if (!(delayMs >= 0)) throw new RangeError(`a timer's delay is 0 or more ms, not ${delayMs}`)
        timers[name] = Math.ceil(this.#now() + delayMs)
        effects.scheduled[name] = timers[name]
      },
      cancel: (name) => void delete timers[name],
      scheduled: (name) => name in timers,
      write: (row) => void effects.rows.push(row),
      emit: (event) => void effects.events.push(event),
      reply: (result) => {
        if (message.kind === 'command' && effects.results.length === 0)
          effects.results.push({ seq: message.seq, result })
      },
      note: (note) => void effects.notes.push({ ...note, at: Math.round(this.#now()) }),
      save: async () => {
        live()
        await this.#save(message, timers, effects)
      },
      effect: async (act) => {
        live()
        if (this.#context.lease.leftMs <= 0) throw new LeaseLost('the lease may have run out')
        this.#abort.signal.throwIfAborted()
        return await act(this.#abort.signal)
      },
    }
  }

  /** The running message stays due: its timer is written back, its command is not marked handled. */
  async #save(message: Message<unknown>, timers: Timers, effects: Effects): Promise<void> {
    const due = message.kind === 'timer' ? { [message.name]: message.at } : {}
    const rows = effects.rows.splice(0)
    const notes = effects.notes.splice(0)
    await this.#commit(
      { ...due, ...timers },
      { ...this.#done, rows: [...this.#done.rows, ...rows], notes: [...this.#done.notes, ...notes] },
      { save: true },
    )
    this.#saved = true
  }

  async #finish(failure: { message: Message<unknown>; error: unknown } | null): Promise<void> {
    const counts = failure !== null && isOwnFault(failure.error, this.#abort.signal)
    if (counts && this.#done.messages.length === 0) return await this.#journalFailure(failure)
    if (this.#done.messages.length === 0) return
    await this.#commit(this.#timers, this.#done, counts ? { error: describe(failure) } : {})
  }

  /** The failing handler may have left its draft anywhere: the stored state is what counts, so it is read again. */
  async #journalFailure(failure: { message: Message<unknown>; error: unknown }): Promise<void> {
    const [loaded] = await this.#definition.store.load([this.#loaded.id])
    if (!loaded || loaded.version !== this.#version) return
    this.#state = loaded.state
    this.#timers = loaded.timers
    this.#lastSeq = loaded.lastSeq
    await this.#commit(loaded.timers, none(), { error: describe(failure) })
  }

  async #commit(timers: Timers, effects: Effects, extra: { save?: true; error?: string }): Promise<void> {
    const facts = this.#definition.store.facts(this.#state)
    const changed = Object.fromEntries(Object.entries(facts).filter(([name, value]) => value !== this.#facts[name]))
    const commit: Commit<unknown, unknown, unknown> = {
      id: this.#loaded.id,
      tenant: this.#loaded.tenant,
      version: this.#version,
      state: this.#state,
      lastSeq: this.#lastSeq,
      timers,
      rows: effects.rows,
      events: effects.events,
      results: effects.results,
      journal: {
        messages: effects.messages,
        worker: this.#context.worker,
        started: Math.round(this.#loaded.now),
        took: Math.round((monotonicMs() - this.#startedAt) * 10) / 10,
        ...extra,
        ...(Object.keys(changed).length > 0 ? { changed } : {}),
        ...(effects.notes.length > 0 ? { notes: effects.notes } : {}),
        ...(Object.keys(effects.scheduled).length > 0 ? { scheduled: effects.scheduled } : {}),
        ...(effects.sends.length > 0 ? { sent: effects.sends } : {}),
      },
    }
    const children = await this.#context.committer.commit(commit)
    if (children === null) throw new Fenced('somebody else has moved this actor')
    this.#version++
    this.#facts = facts
    this.#ring.push(...children, ...effects.sends)
    this.#answered.push(...effects.answered)
    this.#done = none()
  }

  #result(error: unknown): TurnResult {
    const base = { answered: this.#answered, ring: this.#ring, nextMs: () => this.#nextMs() }
    if (error === null) return { ...base, outcome: 'ok', restMs: 0 }
    if (error instanceof Retry) return { ...base, outcome: 'rest', restMs: error.delayMs }
    if (error instanceof StoreAway) return { ...base, outcome: 'rest', restMs: OUTAGE_REST_MS, error, storeAway: true }
    if (isOwnFault(error, this.#abort.signal)) return { ...base, outcome: 'fail', restMs: 0, error }
    return { ...base, outcome: 'rest', restMs: error instanceof Fenced ? OUTAGE_REST_MS : ABORT_REST_MS, error }
  }

  /** Asked when the ack is written, so that a ring comes when it is due and not a queue's length later. */
  #nextMs(): number | null {
    if (this.#loaded.commands.some((command) => command.seq > this.#lastSeq)) return 0
    if (this.#loaded.commands.length === MESSAGES_A_TURN) return 0
    const dues = Object.values(this.#timers)
    return dues.length === 0 ? null : Math.max(0, Math.min(...dues) - this.#now())
  }
}

/** Only a handler's own throw counts towards parking; an outage, an abort, a fence or a Retry is nobody's fault. */
function isOwnFault(error: unknown, signal: AbortSignal): boolean {
  return !(
    error instanceof Retry ||
    error instanceof Fenced ||
    error instanceof LeaseLost ||
    error instanceof StoreAway ||
    signal.aborted
  )
}

function describe({ message, error }: { message: Message<unknown>; error: unknown }): string {
  return `${message.name}: ${error instanceof Error ? error.message : String(error)}`.slice(0, 500)
}
