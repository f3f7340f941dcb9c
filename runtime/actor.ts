/**
 * The author's model: an actor is a kind, a store, and a table of handlers, one a message name. A handler reads like
 * the business rule; everything it wants from the world goes through `turn`, whose effects leave only with or after
 * the commit.
 */
import type { Address } from './address.ts'
import type { Note, Store } from './storage.ts'

/** A message as a handler sees it: a command with its body, or a timer that is due (body null). */
export interface Message<Body = unknown> {
  kind: 'command' | 'timer'
  name: string
  body: Body
  /** A command's number; 0 for a timer. */
  seq: number
  /** When a timer was due, or a command written: ms of the store's clock. */
  at: number
}

export interface Turn<Row = never, Event = never> {
  readonly address: Address
  readonly tenant: string
  /** The turn's one clock: the store's, ms. */
  now(): number
  /** Aborted when the handler's deadline passes, the lease is lost, or the worker drains out of time. */
  readonly signal: AbortSignal
  /** A doorbell to another actor, after the commit. Best effort: what must not be lost is a row that is due. */
  send(address: Address): void
  /** Sets the named timer; it replaces its namesake. `delayMs` from now, >= 0. */
  schedule(name: string, delayMs: number): void
  cancel(name: string): void
  /** True while a timer of that name is set. */
  scheduled(name: string): boolean
  /** A row that is part of this actor; goes with the next save, or with the turn's end. */
  write(row: Row): void
  /** A fact for the outside world; leaves with the commit that ends this message. */
  emit(event: Event): void
  /** The result of the command being handled; the first reply stands. */
  reply(result: unknown): void
  /** A line in the journal about what was done outside. */
  note(note: Omit<Note, 'at'>): void
  /**
   * Commits the state, rows and timers so far, in the middle of a turn: intent first, call second, result third.
   * The running message stays due, so after a crash it runs again from its top. Throws Fenced when somebody else has moved the actor.
   */
  save(): Promise<void>
  /**
   * Does something that the outside world can see. Checks the lease first: a worker that slept past its lease calls
   * nobody. `mayLeave` checks it again, and throws, for who can call it just before the first byte goes out: a worker may also
   * sleep while it connects. Throws LeaseLost, else what `act` throws.
   */
  effect<T>(act: (signal: AbortSignal, mayLeave: () => void) => Promise<T>): Promise<T>
}

export type Handler<State, Row, Event> = (
  state: State,
  message: Message<never>,
  turn: Turn<Row, Event>,
) => Promise<void> | void

export interface ActorDefinition<State = unknown, Row = unknown, Event = unknown> {
  kind: string
  store: Store<State, Row, Event>
  /**
   * By message name. A timer may carry a suffix after a colon (`refund:rfnd_1`): the part before it names the handler, and
   * `message.name` is the whole.
   */
  handlers: Record<string, Handler<State, Row, Event>>
  /** Turns of this kind under way at once in one worker process. */
  slots: number
  /** How long one handler may take, ms. */
  deadlineMs: number
}

/** What an operator puts in the place of a command that could not be handled: every kind of actor sets it aside. */
export const DROPPED = 'dropped'

export interface DroppedCommand {
  /** What it was. */
  name: string
  reason: string
  /** For whoever still waits for it. */
  result: unknown
}

export function defineActor<State, Row, Event>(definition: ActorDefinition<State, Row, Event>): ActorDefinition {
  const setAside: Handler<State, Row, Event> = (_state, { body }: Message<DroppedCommand>, turn) => {
    turn.note({ kind: 'operator', name: DROPPED, detail: { name: body.name, reason: body.reason } })
    turn.reply(body.result)
  }
  return { ...definition, handlers: { ...definition.handlers, [DROPPED]: setAside } } as unknown as ActorDefinition
}

/** Thrown by a handler: not now. The head is kept, later messages wait, and no failure is counted. */
export class Retry extends Error {
  override name = 'Retry'
  readonly delayMs: number
  constructor(delayMs: number, reason: string) {
    super(reason)
    this.delayMs = delayMs
  }
}

/** Somebody else has moved the actor: this turn is void, effects and all. */
export class Fenced extends Error {
  override name = 'Fenced'
}

/** This worker's lease may have run out: it must not be seen by the outside world. */
export class LeaseLost extends Error {
  override name = 'LeaseLost'
}
