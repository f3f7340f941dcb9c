/** An actor as Postgres knows it: what is due to it, what it was told and has not heard, and what it did last. */
import { sql } from 'kysely'
import { type Address, parseAddress } from '../../runtime/address.ts'
import type { JournalEntry, Timers } from '../../runtime/storage.ts'
import type { Database } from '../../schema/database.ts'
import { fromStore } from '../away.ts'

export interface ActorInPostgres {
  status: string
  version: number
  /** Last command handled, and the last one given out. */
  lastSeq: number
  givenSeq: number
  /** Name to ms from now; negative: overdue. */
  timers: Record<string, number>
  /** Unhandled, in order, at most a hundred. */
  commands: { seq: number; name: string; waitingMs: number }[]
  /** How long it has been owed a turn, ms; null: it is owed none. */
  overdueMs: number | null
  /** The last of the flight recorder, newest first. */
  journal: (JournalEntry & { version: number })[]
}

const TABLES: Record<string, { table: string; id: string }> = {
  payment: { table: 'payments', id: '' },
  delivery: { table: 'webhook_deliveries', id: '::uuid' },
  replay: { table: 'webhook_replays', id: '' },
}
const COMMANDS_SHOWN = 100
const JOURNAL_SHOWN = 20

interface Row {
  status: string
  version: number
  last_seq: number
  given_seq: number
  timers: Timers
  now_ms: number
  commands: ActorInPostgres['commands'] | null
  journal: { version: number; entry: JournalEntry }[] | null
}

/** null: there is no such row. Throws StoreAway. */
export async function actorInPostgres(database: Database, address: Address): Promise<ActorInPostgres | null> {
  const { kind, id } = parseAddress(address)
  const place = TABLES[kind]
  if (!place) return null
  const { rows } = await fromStore(() =>
    sql<Row>`
      select a.status, a.version, a.last_seq, a.timers, (extract(epoch from now()) * 1000)::float8 as now_ms,
        coalesce((select next_seq - 1 from mailboxes where actor_id = ${id}), 0) as given_seq,
        (select json_agg(c) from (select seq, command as name, (extract(epoch from now() - created_at) * 1000)::int as "waitingMs"
          from inbox where actor_id = ${id} and seq > a.last_seq and handled_at is null order by seq limit ${COMMANDS_SHOWN}) c) as commands,
        (select json_agg(j) from (select version, entry from journal where actor_id = ${id}
          order by version desc limit ${JOURNAL_SHOWN}) j) as journal
      from ${sql.raw(place.table)} a where a.id = ${id}${sql.raw(place.id)}
    `.execute(database.kysely),
  )
  const [row] = rows
  return row ? toActor(row) : null
}

function toActor(row: Row): ActorInPostgres {
  const timers = Object.fromEntries(
    Object.entries(row.timers).map(([name, due]) => [name, Math.round(due - row.now_ms)]),
  )
  const commands = row.commands ?? []
  const waits = [...Object.values(timers).map((inMs) => -inMs), ...commands.map(({ waitingMs }) => waitingMs)]
  const longest = Math.max(...waits)
  return {
    status: row.status,
    version: row.version,
    lastSeq: row.last_seq,
    givenSeq: row.given_seq,
    timers,
    commands,
    overdueMs: waits.length > 0 && longest >= 0 ? longest : null,
    journal: (row.journal ?? []).map(({ version, entry }) => ({ version, ...entry })),
  }
}
