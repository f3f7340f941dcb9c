/**
 * What a replay hands out next, read from where the page before it ended. Reading has no effect, so it needs no fence: the commit
 * that carries the page has one.
 */
import type { Database, Statement } from '../../schema/database.ts'
import { newUuidV7 } from '../../schema/ids.ts'
import { fromStore } from '../away.ts'
import { EVENT_DAYS } from '../housekeeping.ts'
import type { ReplayRow, WebhookReplay } from './state.ts'

export interface ReplayPage {
  rows: ReplayRow[]
  /** Where the next page begins; null: there is none. */
  place: string | null
}

/** At most `size` rows; a page may be empty and still have one behind it. Throws StoreAway. */
export type ReplayPages = (replay: WebhookReplay, size: number) => Promise<ReplayPage>

export type Scope = Pick<WebhookReplay, 'merchantId' | 'source' | 'endpointId' | 'selected' | 'since' | 'until'>

/** Events that are looked at for gaps in one page, at most. */
const EVENTS_A_PAGE = 5_000

/** $1: merchant, $2: since, $3: until, $4: endpoint or null, $5, $6: time and id of the place, $7: limit. */
export const failedDeliveries: Statement = {
  name: 'replay_failed',
  text: `
select id, created_at::text as at from webhook_deliveries
where status = 'failed' and merchant_id = $1::uuid and created_at >= $2::timestamptz and created_at < $3::timestamptz
  and ($4::text is null or endpoint_id = $4) and (created_at, id) > ($5::timestamptz, $6::uuid)
order by created_at, id limit $7::int`,
}

/**
 * Parameters as above, $4: the endpoint. Answers every event that was looked at, and whether the endpoint wants it and never got it. An
 * event that can no longer be read is left alone: whether it was delivered is no longer known.
 */
export const missingEvents: Statement = {
  name: 'replay_missing',
  text: `
select e.id, e.created_at::text as at,
  (w.events && array['*', e.type, split_part(e.type, '.', 1) || '.*']) and (
    select 1 from webhook_deliveries d
    where d.payment_id = e.payment_id and d.sequence = e.sequence and d.endpoint_id = $4::text limit 1) is null as missing
from (
  select id, created_at, type, payment_id, sequence from events
  where merchant_id = $1::uuid and payment_id is not null and created_at > now() - interval '${EVENT_DAYS} days'
    and created_at >= $2::timestamptz and created_at < $3::timestamptz and (created_at, id) > ($5::timestamptz, $6::text)
  order by created_at, id limit $7::int
) e
cross join lateral (select events from webhook_endpoints q where q.id = $4::text offset 0) w
order by e.created_at, e.id`,
}

interface FailedRow {
  id: string
  at: string
}

interface EventRow {
  id: string
  at: string
  missing: boolean
}

const BEFORE_ALL = ['-infinity', '00000000-0000-0000-0000-000000000000'] as const

export function replayPages(database: Database): ReplayPages {
  return (replay, size) => {
    if (replay.source === 'selected') return Promise.resolve(selectedPage(replay, size))
    return fromStore(() => (replay.source === 'failed' ? failedPage : missingPage)(database, replay, size))
  }
}

/** The place is the number of deliveries handed out. */
function selectedPage({ selected, place }: WebhookReplay, size: number): ReplayPage {
  const from = Number(place ?? 0)
  const ids = selected ?? []
  const rows = ids.slice(from, from + size).map((deliveryId) => ({ deliveryId }))
  const next = from + rows.length
  return { rows, place: next < ids.length ? String(next) : null }
}

async function failedPage(database: Database, replay: WebhookReplay, size: number): Promise<ReplayPage> {
  // One more than is handed out tells whether anything is behind it.
  const found = await database.run<FailedRow>(failedDeliveries, parameters(replay, size + 1))
  const shown = found.slice(0, size)
  return {
    rows: shown.map(({ id }) => ({ deliveryId: id })),
    place: found.length > size ? placeOf(shown.at(-1)) : null,
  }
}

async function missingPage(database: Database, replay: WebhookReplay, size: number): Promise<ReplayPage> {
  const seen = await database.run<EventRow>(missingEvents, parameters(replay, EVENTS_A_PAGE))
  const rows: ReplayRow[] = []
  for (const { id, at, missing } of seen) {
    if (missing) rows.push({ newDeliveryId: newUuidV7(), eventId: id, eventAt: at })
    if (rows.length === size) return { rows, place: placeOf({ id, at }) }
  }
  return { rows, place: seen.length < EVENTS_A_PAGE ? null : placeOf(seen.at(-1)) }
}

function parameters({ merchantId, since, until, endpointId, place }: WebhookReplay, limit: number): unknown[] {
  return [merchantId, since, until, endpointId, ...(place?.split(' | ') ?? BEFORE_ALL), limit]
}

function placeOf(row: { id: string; at: string } | undefined): string | null {
  return row ? `${row.at} | ${row.id}` : null
}
