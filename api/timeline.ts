/**
 * Everything that happened to a payment, in order, from the three places that keep it: the journal (turns, what they noted and what
 * they changed), the events, and the attempts to deliver them. Pure: rows in, lines out.
 */
import type { JournalEntry } from '../actors/index.ts'

export interface TimelineEntry {
  seq: number
  /** ISO 8601 */
  at: string
  kind: 'message' | 'attempt' | 'state' | 'event' | 'webhook'
  name: string
  /** What made it happen: a message's name, an event's id, a call to the API; null when nothing is known. */
  cause: string | null
  duration_ms: number | null
  detail: Record<string, unknown>
}

type Line = Omit<TimelineEntry, 'seq' | 'at'> & { atMs: number }

export interface TimelineSources {
  payment: { createdAt: string }
  journal: { version: number; entry: JournalEntry; at: Date }[]
  events: { id: string; type: string; sequence: number; created_at: Date }[]
  attempts: {
    delivery_id: string
    event_id: string
    endpoint_id: string
    type: string
    attempt: number
    at: Date
    duration_ms: number
    response_code: number | null
    error: string | null
  }[]
}

export function timeline({ payment, journal, events, attempts }: TimelineSources): TimelineEntry[] {
  const accepted: Line = {
    atMs: Date.parse(payment.createdAt),
    kind: 'state',
    name: 'pending',
    cause: 'POST /api/v1/payments',
    duration_ms: null,
    detail: {},
  }
  const intent: Line = { ...accepted, kind: 'attempt', name: 'intent' }
  const causes = causesOfEvents(journal)
  const lines = [
    accepted,
    intent,
    ...journal.flatMap(({ version, entry }, index) => turnLines(version, entry, journal[index + 1]?.entry)),
    ...events.map(
      ({ id, type, sequence, created_at: at }): Line => ({
        atMs: at.getTime(),
        kind: 'event',
        name: type,
        cause: causes.get(at.getTime())?.shift() ?? null,
        duration_ms: null,
        detail: { id, sequence },
      }),
    ),
    ...attempts.map(
      ({ type, at, event_id: cause, duration_ms, ...detail }): Line => ({
        atMs: at.getTime(),
        kind: 'webhook',
        name: type,
        cause,
        duration_ms,
        detail,
      }),
    ),
  ]
  // Stable: lines of one moment keep the order above, which is that of cause and effect.
  lines.sort((a, b) => a.atMs - b.atMs)
  return lines.map(({ atMs, ...line }, index) => ({ seq: index + 1, at: new Date(atMs).toISOString(), ...line }))
}

/** `next` is the journal's row behind this one: a save in the middle of a message is told with the message it belongs to. */
function turnLines(version: number, entry: JournalEntry, next: JournalEntry | undefined): Line[] {
  const { messages, notes = [], changed, error, started, took, worker, save } = entry
  const turn = { worker, version }
  const cause = save ? (next?.messages[0]?.name ?? null) : causeOf(entry)
  const endMs = started + took
  let atMs = started
  const handled = messages.map((message): Line => {
    const line: Line = {
      atMs,
      kind: 'message',
      name: message.name,
      cause: message.kind === 'command' ? `command ${message.seq}` : 'timer',
      duration_ms: message.took,
      detail: message.at === undefined ? turn : { ...turn, due_at: new Date(message.at).toISOString() },
    }
    atMs += message.took
    return line
  })
  // Which timer brings which later message, so that a reader can follow a cause over the wait.
  const last = handled.at(-1)
  if (last && entry.scheduled) last.detail = { ...last.detail, scheduled: moments(entry.scheduled) }
  const noted = notes.map(
    ({ name, at, took: duration_ms = null, detail = {} }): Line => ({
      atMs: at,
      kind: 'attempt',
      name,
      cause,
      duration_ms,
      detail,
    }),
  )
  const after = (kind: 'message' | 'attempt' | 'state', name: string, detail: Record<string, unknown>): Line => {
    return { atMs: endMs, kind, name, cause, duration_ms: null, detail: { ...turn, ...detail } }
  }
  return [
    ...handled,
    ...(save ? [after('attempt', 'intent', {})] : []),
    ...noted,
    ...(changed ? [after('state', stateName(changed), changed)] : []),
    ...(error === undefined ? [] : [after('message', 'failed', { error })]),
  ]
}

/** When each timer is due, as ISO 8601. */
function moments(timers: Record<string, number>): Record<string, string> {
  return Object.fromEntries(Object.entries(timers).map(([name, ms]) => [name, new Date(ms).toISOString()]))
}

/**
 * By moment, the messages that emitted the events of that moment, in the events' order. An event is written by its turn's commit, in the
 * same moment of Postgres's clock.
 */
function causesOfEvents(journal: TimelineSources['journal']): Map<number, string[]> {
  return new Map(
    journal.map(({ entry, at }) => [
      at.getTime(),
      entry.messages.flatMap(({ name, emitted = 0 }) => Array.from({ length: emitted }, () => name)),
    ]),
  )
}

/** The last message of a turn, by name: it is what the turn's commit ended with. */
function causeOf({ messages }: JournalEntry): string | null {
  return messages.at(-1)?.name ?? null
}

/** What became of the payment, in one of the API's words. */
function stateName(changed: Record<string, unknown>): string {
  if (changed.canceled === true) return 'canceled'
  if (typeof changed.status === 'string') return changed.status
  return 'captured_amount' in changed ? 'captured' : 'refunded'
}
