/** A turn's line in the flight recorder: what was handled, what changed, what left, what went wrong. */
import type { Message } from './actor.ts'
import type { Effects } from './effects.ts'
import type { JournalEntry } from './storage.ts'

type Facts = Record<string, unknown>

export interface Told {
  worker: string
  /** ms of the store's clock */
  startedAt: number
  tookMs: number
  before: Facts
  after: Facts
  effects: Effects
  save: boolean
  error: string | null
}

const ERROR_LENGTH = 500

/** Leaves out what there is nothing to tell about: there is a line a turn, for ever. */
export function journalEntry({ worker, startedAt, tookMs, before, after, effects, save, error }: Told): JournalEntry {
  const entry: JournalEntry = {
    messages: effects.messages,
    worker,
    started: Math.round(startedAt),
    took: tenths(tookMs),
  }
  const changed = changes(before, after)
  if (save) entry.save = true
  if (changed) entry.changed = changed
  if (effects.notes.length > 0) entry.notes = effects.notes
  if (!isEmpty(effects.scheduled)) entry.scheduled = effects.scheduled
  if (effects.sends.length > 0) entry.sent = effects.sends
  if (error !== null) entry.error = error
  return entry
}

/** Text that any store takes: bounded, without NUL, and without half a character at its end. */
export function describeFailure(message: Message<unknown>, error: unknown): string {
  const text = `${message.name}: ${error instanceof Error ? error.message : String(error)}`
  return text.slice(0, ERROR_LENGTH).replaceAll('\0', '').toWellFormed()
}

/** Milliseconds to one decimal: finer is noise, and costs space in every line. */
export function tenths(ms: number): number {
  return Math.round(ms * 10) / 10
}

function changes(before: Facts, after: Facts): Facts | null {
  let changed: Facts | null = null
  for (const name in after) {
    if (after[name] === before[name]) continue
    changed ??= {}
    changed[name] = after[name]
  }
  return changed
}

function isEmpty(object: object): boolean {
  for (const _ in object) return false
  return true
}
