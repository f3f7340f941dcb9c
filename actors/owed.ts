/**
 * Who is owed a turn: payments, deliveries and replays by their earliest timer, and all by a command that nobody has handled. One page
 * reads the oldest of all four from their due indexes, each behind its own place in the cursor, so rows that stay overdue for a reason
 * (queued, in flight, parked) never hide the ones behind them.
 */
import { type Address, toAddress } from '../runtime/address.ts'
import type { OwedPage, OwedQuery } from '../runtime/storage.ts'
import type { Database, Statement } from '../schema/database.ts'
import { tenantOf } from './load.ts'

/** A place in one due index. The time is text: a Date would cut its microseconds, and skip or repeat rows. */
interface Place {
  at: string | null
  id: string
}

/** Places by source, in the order of the statement's parameters. */
type Cursor = [payments: Place, deliveries: Place, inbox: Place, replays: Place]

const BEFORE_ALL_TEXT = ''
const BEFORE_ALL_UUIDS = '00000000-0000-0000-0000-000000000000'
const START: Cursor = [
  { at: null, id: BEFORE_ALL_TEXT },
  { at: null, id: BEFORE_ALL_UUIDS },
  { at: null, id: BEFORE_ALL_TEXT },
  { at: null, id: BEFORE_ALL_TEXT },
]

/** The first page of a source starts at `from` (or at the beginning of time), every other one where the one before it ended. */
const behind = (at: string, id: string) =>
  `(coalesce(${at}::timestamptz, now() + $2::float8 * interval '1 ms', '-infinity'), ${id})`
const UNTIL = `now() + $3::float8 * interval '1 ms'`

/** $1: limit, $2: from ms or null, $3: to ms, $4 to $11: time and id where payments, deliveries, inbox and replays go on. */
export const owedTurns: Statement = {
  name: 'owed_turns',
  text: `
select o.source, o.kind, o.id, o.at::text as at, extract(epoch from o.at - now())::float8 * 1000 as in_ms, m.num as tenant
from (
  (select 0 as source, 'payment' as kind, id, merchant_id, wake_at as at from payments
    where wake_at is not null and (wake_at, id) > ${behind('$4', '$5::text')} and wake_at <= ${UNTIL}
    order by wake_at, id limit $1::int)
  union all
  (select 1, 'delivery', id::text, merchant_id, wake_at from webhook_deliveries
    where wake_at is not null and (wake_at, id) > ${behind('$6', '$7::uuid')} and wake_at <= ${UNTIL}
    order by wake_at, id limit $1::int)
  union all
  (select 2, kind, actor_id, merchant_id, created_at from inbox
    where handled_at is null and (created_at, actor_id) > ${behind('$8', '$9::text')} and created_at <= ${UNTIL}
    order by created_at, actor_id limit $1::int)
  union all
  (select 3, 'replay', id, merchant_id, wake_at from webhook_replays
    where wake_at is not null and (wake_at, id) > ${behind('$10', '$11::text')} and wake_at <= ${UNTIL}
    order by wake_at, id limit $1::int)
  order by at, source, id limit $1::int
) o
cross join lateral (select num from merchants q where q.id = o.merchant_id offset 0) m`,
}

interface OwedRow {
  source: 0 | 1 | 2 | 3
  kind: string
  id: string
  at: string
  in_ms: number
  tenant: number
}

export async function owedPage(database: Database, { fromMs, toMs, after, limit }: OwedQuery): Promise<OwedPage> {
  const start: Cursor = after === null ? START : (JSON.parse(after) as Cursor)
  const places = start.flatMap(({ at, id }) => [at, id])
  const rows = await database.run<OwedRow>(owedTurns, [limit, fromMs, toMs, ...places])
  return {
    owed: rows.map((row) => ({ address: addressOf(row), inMs: row.in_ms })),
    // Fewer than asked for: every source came to its end.
    next: rows.length < limit ? null : JSON.stringify(endOf(start, rows)),
  }
}

/** Every source goes on behind its last row on the page; one of which the page took nothing stays where it was. */
function endOf(start: Cursor, rows: OwedRow[]): Cursor {
  const end: Cursor = [...start]
  for (const { source, at, id } of rows) end[source] = { at, id }
  return end
}

function addressOf({ kind, id, tenant }: OwedRow): Address {
  return toAddress({ tenant: tenantOf(tenant), kind, id })
}
