/** Events as they stand in their table, for reading: in lists, one by one, and as they are streamed. */
import { type RawBuilder, sql } from 'kysely'
import { EVENT_DAYS } from '../actors/index.ts'
import type { EventsTable } from '../schema/tables.ts'

export type EventRow = Pick<EventsTable, 'id' | 'type' | 'sequence' | 'payload'> & { created_at: Date }

/** True while an event can be read. Whoever has missed more than that reads the payments themselves. */
export function isKept(table: string): RawBuilder<boolean> {
  return sql<boolean>`${sql.ref(`${table}.created_at`)} > now() - make_interval(days => ${EVENT_DAYS})`
}

/** `sequence` counts a payment's events: those of one moment have no other order. `timestamp` is the webhook's own. */
export function eventView({ id, type, sequence, created_at, payload }: EventRow) {
  const { timestamp, data } = JSON.parse(payload) as { timestamp: number; data: Record<string, unknown> }
  return { id, type, sequence, created_at: created_at.toISOString(), timestamp, data }
}
