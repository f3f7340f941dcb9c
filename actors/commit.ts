/**
 * What the commits of all kinds share: a group of turns travels as one JSON document, and one statement writes all of it.
 *
 * A turn's children (rows, events, results, journal) travel inside their turn and are taken out of it only after the
 * version-checked update has let the turn in. So a turn that is fenced, or the second of two turns of one actor, writes
 * nothing at all: there is no list of children that could be let in by mistake.
 *
 * The array -> `lateral (... offset 0)` -> ctid shape leaves the planner no choice: one look-up by the full key a turn. A plain
 * join leaves one, and its plan, made while a table was empty, walks the whole index once a row. A row that a rival commit changed
 * meanwhile has another ctid, so the recheck drops it: fenced, which is what it is.
 */
import { type Address, toAddress } from '../runtime/address.ts'
import type { Commit } from '../runtime/storage.ts'
import type { Database, Statement } from '../schema/database.ts'
import { storeError } from './away.ts'
import type { PaymentEvent } from './payment/state.ts'

/** Columns of the document that every kind has; `n` is the turn's place in its group. */
export const TURN_COLUMNS = `n int, id text, merchant_id uuid, version int, last_seq int, timers jsonb, wake_ms float8,
    results jsonb, events jsonb, journal jsonb`

/** Due in a second at the earliest: a commit that leaves a timer in the past must not let a sweep spin. */
export const WAKE_AT = `case when to_timestamp(i.wake_ms / 1000) <= now() then now() + interval '1 second'
      else to_timestamp(i.wake_ms / 1000) end`

/** What an update hands on of the turns it let in, as `turn`. */
export const TURN_RETURNED = `i.n, i.id, i.merchant_id, i.version + 1 as version, y.last_seq as since, i.last_seq, i.results, i.events, i.journal`

/** Commands since the last commit have been handled. One without a result is handled too: an open inbox row means "due". */
const SETTLED = `settled as (
  update inbox b set handled_at = now(), result = y.result
  from (
    select open.at, (turn.results ->> s.seq::text)::json as result
    from turn cross join lateral generate_series(turn.since + 1, turn.last_seq) as s (seq)
    cross join lateral (select q.ctid as at from inbox q where q.actor_id = turn.id and q.seq = s.seq offset 0) open
  ) y
  where b.ctid = y.at
)`

const EMITTED = `emitted as (
  insert into events (id, merchant_id, payment_id, sequence, type, payload, created_at)
  select id, merchant_id, payment_id, sequence, type, payload, now() from event
)`

/** One delivery for each enabled endpoint that wants the event, due now; none for the endpoint that the event is about. */
const BORN = `born as (
  insert into webhook_deliveries (id, merchant_id, endpoint_id, event_id, event_at, type, payment_id, sequence, timers, wake_at)
  select new_uuid_v7(), event.merchant_id, w.id, event.id, now(), event.type, event.payment_id, event.sequence,
    jsonb_build_object('attempt', floor(extract(epoch from now()) * 1000)), now()
  from event cross join lateral (
    select e.id from webhook_endpoints e
    where e.merchant_id = event.merchant_id and e.enabled and e.id is distinct from event.about_endpoint
      and e.events && array['*', event.type, split_part(event.type, '.', 1) || '.*']
    offset 0
  ) w
  returning id, event_id
)`

const RECORDED = `recorded as (
  insert into journal (actor_id, version, entry) select id, version, journal from turn
)`

/**
 * Needs `turn` (TURN_RETURNED of the winners) and `event` (their events, with payment_id and about_endpoint). A kind may add
 * `union all select n, null, id`: other deliveries that want a doorbell for what turn `n` did.
 */
export const CHILDREN_AND_ANSWER = `${SETTLED}, ${EMITTED}, ${BORN}, ${RECORDED}
select n, null as event_id, null as delivery_id from turn
union all select null, event_id, id from born`

/** Columns of an event inside its turn's document. */
export const EVENT_COLUMNS = 'id text, sequence int, type text, payload text'

/** A turn that was let in (n alone), or a delivery to ring: born of an event, or named by its turn. */
interface CommitAnswer {
  n: number | null
  event_id: string | null
  delivery_id: string | null
}

type AnyCommit = Commit<{ merchantId: string }, unknown, PaymentEvent>

/** Runs a group through its statement, with `columns` for what only this kind has. See Store.commit for what it answers and throws. */
export async function commitGroup<Turn extends AnyCommit>(
  database: Database,
  statement: Statement,
  group: Turn[],
  columns: (turn: Turn) => object,
): Promise<(Address[] | null)[]> {
  const turns = group.map((turn, n) => ({ ...turnColumns(turn, n), ...columns(turn) }))
  // Sorted before it locks: overlapping groups queue up instead of deadlocking.
  turns.sort((a, b) => (a.id < b.id ? -1 : 1))
  try {
    return readAnswer(group, await database.run<CommitAnswer>(statement, [JSON.stringify(turns)]))
  } catch (error) {
    throw storeError(error, group.length)
  }
}

function turnColumns(turn: AnyCommit, n: number) {
  const dues = Object.values(turn.timers)
  return {
    n,
    id: turn.id,
    merchant_id: turn.state.merchantId,
    version: turn.version,
    last_seq: turn.lastSeq,
    timers: turn.timers,
    wake_ms: dues.length > 0 ? Math.min(...dues) : null,
    // As text: jsonb would sort the keys, and the answer to the first call and to its replay is this very text.
    results: Object.fromEntries(turn.results.map(({ seq, result }) => [seq, JSON.stringify(result ?? null)])),
    events: turn.events,
    journal: turn.journal,
  }
}

function readAnswer(group: AnyCommit[], rows: CommitAnswer[]): (Address[] | null)[] {
  const answers = group.map((): Address[] | null => null)
  for (const { n, delivery_id } of rows) if (n !== null && delivery_id === null) answers[n] = []
  const turnOf = new Map(group.flatMap((turn, n) => turn.events.map(({ id }) => [id, n] as const)))
  for (const { n, event_id, delivery_id } of rows) {
    if (delivery_id === null) continue
    const by = n ?? (turnOf.get(event_id as string) as number)
    answers[by]?.push(toAddress({ tenant: (group[by] as AnyCommit).tenant, kind: 'delivery', id: delivery_id }))
  }
  return answers
}
