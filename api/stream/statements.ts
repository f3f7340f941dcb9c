/** What the feed asks of Postgres. */
import { EVENT_DAYS } from '../../actors/index.ts'
import type { Statement } from '../../schema/database.ts'
import { placeText } from './place.ts'

/**
 * The moment before which every event that will ever be is visible already.
 *
 * An event carries the moment its transaction began and is seen when that commits, so of two commits side by side the younger event
 * may be seen first; a reader that had gone on to it would never see the older one. Here is how far back the oldest transaction
 * that may still write began. A transaction gets its number with its first row: one that has none after two seconds is somebody's
 * long look, and one beyond 15 s is none of ours, whose statements end after 10 s (a backup may run for hours). The fifth of a second
 * covers a server process that was set aside between reading its clock and saying so.
 *
 * It must be asked for before the events are: asked for together, a transaction could commit between the snapshot and this look.
 */
export const HORIZON: Statement = {
  name: 'stream_horizon',
  text: `select ${placeText(`least(now(), min(a.xact_start)) - interval '200 ms'`)} as at
    from pg_stat_activity a
    where a.datname = current_database() and a.backend_type = 'client backend' and a.pid <> pg_backend_pid()
      and a.xact_start > now() - interval '15 s' and (a.backend_xid is not null or a.xact_start > now() - interval '2 s')`,
}

/**
 * $1: merchants, $2 to $4: the place that each has been read to, $5: the horizon, $6: rows a merchant. A look-up in the list's index a
 * merchant, and a sort of what shares a moment. The first condition on created_at is what the index is entered by, and what lets the
 * planner leave out months that are over.
 */
export const READ_EVENTS: Statement = {
  name: 'stream_read_events',
  text: `select e.id, e.merchant_id, e.payment_id, e.type, e.sequence, e.payload, e.created_at, ${placeText('e.created_at')} as at
    from unnest($1::uuid[], $2::timestamptz[], $3::int[], $4::text[]) as m (merchant_id, at, sequence, id)
    cross join lateral (
      select * from events q
      where q.merchant_id = m.merchant_id and q.created_at >= m.at and q.created_at < $5::timestamptz
        and (q.created_at, q.sequence, q.id) > (m.at, m.sequence, m.id)
      order by q.created_at, q.sequence, q.id limit $6::int
    ) e`,
}

/**
 * Where an event stands; none when it is not the merchant's, or too old. It is asked for seldom, and planned anew each time: a plan
 * from when there were no events may be one that walks all of the merchant's.
 */
export const FIND_PLACE: Statement = {
  name: '',
  text: `select id, sequence, ${placeText('created_at')} as at from events
    where id = $1 and merchant_id = $2 and created_at > now() - interval '${EVENT_DAYS} days'`,
}
