/**
 * What handlers want from the world, kept back until a commit carries it: the output gate. What a message wanted joins what the ones
 * before it wanted only when it has ended well.
 */
import type { Address } from './address.ts'
import type { JournalEntry, Note, Timers } from './storage.ts'

export interface Effects {
  rows: unknown[]
  events: unknown[]
  results: { seq: number; result: unknown }[]
  /** Who waits for one of `results`. */
  answered: Answered[]
  sends: Address[]
  notes: Note[]
  messages: JournalEntry['messages']
  scheduled: Timers
}

/** A caller whose command now has its result. */
export interface Answered {
  replyTo: string
  seq: number
}

export function noEffects(): Effects {
  return { rows: [], events: [], results: [], answered: [], sends: [], notes: [], messages: [], scheduled: {} }
}

/** Both, in order; most turns handle one message, so that there is nothing to put together. */
export function joined(into: Effects, from: Effects): Effects {
  if (into.messages.length === 0) return from
  into.rows.push(...from.rows)
  into.events.push(...from.events)
  into.results.push(...from.results)
  into.answered.push(...from.answered)
  into.sends.push(...from.sends)
  into.notes.push(...from.notes)
  into.messages.push(...from.messages)
  Object.assign(into.scheduled, from.scheduled)
  return into
}
