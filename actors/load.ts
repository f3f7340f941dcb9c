/** What the loads of all kinds share: the turn's clock, its commands, and how a row's times become the state's. */
import type { Command, Timers } from '../runtime/storage.ts'
import { MESSAGES_A_TURN } from '../runtime/storage.ts'

/** Postgres's clock as it was when it looked: the only clock a turn goes by. */
export const NOW_MS = 'floor(extract(epoch from now()) * 1000)::float8'

/** Commands behind the last one handled, whatever the mailbox in Redis says; null when there are none. */
export const COMMANDS = (actorId: string, lastSeq: string): string => `(select json_agg(b order by b.seq) from (
    select seq, command_id as id, command as name, body, reply_to as "replyTo",
      floor(extract(epoch from created_at) * 1000)::float8 as at
    from inbox where actor_id = ${actorId} and seq > ${lastSeq} order by seq limit ${MESSAGES_A_TURN}) b)`

/** Columns that a load of any kind answers. */
export interface LoadedRow {
  id: string
  /** The merchant's number. */
  tenant: number
  version: number
  last_seq: number
  timers: Timers
  commands: Command[] | null
  now_ms: number
}

/** Everything of a Loaded but the state. */
export function loadedFrom(row: LoadedRow) {
  return {
    id: row.id,
    tenant: tenantOf(row.tenant),
    version: row.version,
    lastSeq: row.last_seq,
    timers: row.timers,
    commands: row.commands ?? [],
    now: row.now_ms,
  }
}

/** A merchant's number as it stands in addresses. */
export function tenantOf(merchantNum: number): string {
  return merchantNum.toString(36)
}

/** A row's time, or one inside a JSON column, as ISO 8601 in UTC with milliseconds. */
export function isoTime(time: Date | string): string {
  return (typeof time === 'string' ? new Date(time) : time).toISOString()
}
