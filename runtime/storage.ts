/**
 * What the runtime asks of the truth. Four functions: load many, commit many, who is owed a wake-up, and what came
 * of the messages from number n. The runtime knows no SQL and no payment; `actors/` implements this.
 */
import type { Address } from './address.ts'

/** A timer's name to the moment it is due, in ms of the store's clock. */
export type Timers = Record<string, number>

/** A command as the store keeps it. `seq` is dense per actor, from 1. */
export interface Command {
  seq: number
  id: string
  name: string
  body: unknown
  /** Redis list that wants to hear that this command has its result, if somebody waits. */
  replyTo: string | null
  /** When it was written, ms of the store's clock; a store that can't tell leaves it out, and it counts as written now. */
  at?: number
}

/** An actor as one snapshot shows it, with everything that is due to it. */
export interface Loaded<State> {
  id: string
  tenant: string
  state: State
  /** The fence: a commit is accepted only while the stored row still has this number. */
  version: number
  /** The last command handled. */
  lastSeq: number
  timers: Timers
  /** Unhandled commands after `lastSeq`, in order, at most `MESSAGES_A_TURN`. */
  commands: Command[]
  /** The store's clock when it looked, ms. */
  now: number
}

/** What one turn (or one mid-turn save) writes, all of it or none. */
export interface Commit<State, Row, Event> {
  id: string
  tenant: string
  /** The version that was loaded; the store writes version + 1. */
  version: number
  state: State
  lastSeq: number
  timers: Timers
  /** Rows that are part of the actor (operations, refunds, attempts): upserted by their key. */
  rows: Row[]
  /** What leaves with the commit: facts for the outside world. */
  events: Event[]
  /** Results of the commands this commit handles. */
  results: { seq: number; result: unknown }[]
  journal: JournalEntry
}

/** One line of the flight recorder: a turn, what caused it, what it did. */
export interface JournalEntry {
  /** What was handled, in order. `at` is when a timer was due, `took` ms, `emitted` how many events it led to, if any. */
  messages: { kind: 'command' | 'timer'; name: string; seq?: number; at?: number; took: number; emitted?: number }[]
  worker: string
  /** ms of the store's clock */
  started: number
  took: number
  /** True for a save in the middle of a turn: intent, before the outside world hears of it. */
  save?: true
  /** Facts of the state that this commit changed, with their new values. */
  changed?: Record<string, unknown>
  /** What the handlers noted: calls to a bank, attempts at a receiver. */
  notes?: Note[]
  scheduled?: Timers
  sent?: Address[]
  error?: string
}

/** A handler's own line in the journal. `at` is ms of the store's clock. */
export interface Note {
  kind: string
  name: string
  at: number
  took?: number
  detail?: Record<string, unknown>
}

/** One kind's half of the storage. */
export interface Store<State, Row = never, Event = never> {
  /** In any order; an id that is missing does not exist. */
  load(ids: string[]): Promise<Loaded<State>[]>
  /**
   * Writes a group. Answers, for every commit in its place, the children that were born due now and want a doorbell -
   * or null when the version was no longer held: that turn is fenced, and none of it was written.
   *
   * Throws StoreAway when the store can't be reached or the outcome is unknown. Throws anything else when the group
   * can't be written as it is; the runtime then halves it until the culprit stands alone.
   */
  commit(group: Commit<State, Row, Event>[]): Promise<(Address[] | null)[]>
  /** A copy that handlers may change while the state stays as it is; structuredClone unless a kind knows a cheaper one. */
  copy?(state: State): State
  /** A copy of the facts of a state that the journal tracks: flat, JSON-comparable. */
  facts(state: State): Record<string, unknown>
}

/** Somebody who is owed a turn. `inMs` is 0 or less when it is overdue, else how far off its earliest timer is. */
export interface Owed {
  address: Address
  inMs: number
}

/** Who is due in (now + fromMs, now + toMs], by the store's clock; a command is due since it was written. */
export interface OwedQuery {
  /** null: from the oldest on. */
  fromMs: number | null
  /** Negative: overdue for at least this long; positive: looks ahead. */
  toMs: number
  /** Where the page before ended (opaque text), or null for the first page. */
  after: string | null
  limit: number
}

export interface OwedPage {
  owed: Owed[]
  /** Cursor of the page's end; null: nothing behind it. A page may be short, or empty, and still have more behind it. */
  next: string | null
}

export interface Storage {
  /** kind -> its store */
  stores: Record<string, Store<unknown, unknown, unknown>>
  owed(query: OwedQuery): Promise<OwedPage>
  /** Results of commands by address and number; one that is undecided or unknown is missing. */
  answers(commands: { address: Address; seq: number }[]): Promise<{ address: Address; seq: number; result: unknown }[]>
}

/** The store can't be reached, or a commit's outcome is unknown. Nobody's fault: whoever sees it rests and looks again. */
export class StoreAway extends Error {
  override name = 'StoreAway'
}

/** How many messages one turn takes at most, so that a hot actor can't hold a worker. */
export const MESSAGES_A_TURN = 16
