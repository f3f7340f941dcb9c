/** The two statements of a replay's store. A page is handed out by the very statement that moves the replay on. */
import type { Statement } from '../../schema/database.ts'
import { CHILDREN_AND_ANSWER, TURN_COLUMNS, TURN_RETURNED, WAKE_AT } from '../commit.ts'
import { COMMANDS, NOW_MS } from '../load.ts'

/** $1: ids. */
export const loadReplays: Statement = {
  name: 'load_replays',
  text: `
select r.*, m.num as tenant, ${NOW_MS} as now_ms, ${COMMANDS('r.id', 'r.last_seq')} as commands
from unnest($1::text[]) as i (id)
cross join lateral (select * from webhook_replays q where q.id = i.id offset 0) r
cross join lateral (select num from merchants q where q.id = r.merchant_id offset 0) m`,
}

const UPDATED = `turn as (
  update webhook_replays r set version = r.version + 1, last_seq = i.last_seq, timers = i.timers, wake_at = ${WAKE_AT},
    status = i.status, replayed = i.replayed, place = i.place, ended_at = i.ended_at
  from i cross join lateral (
    select q.ctid as at, q.last_seq from webhook_replays q where q.id = i.id and q.version = i.version offset 0
  ) y
  where r.ctid = y.at and r.version = i.version
  returning ${TURN_RETURNED}, r.endpoint_id, r.source = 'selected' as whatever, i.started_over, i.born
)`

/** A command into the inbox of each delivery, numbered under its mailbox's lock like any other (../accept/commands.ts). */
const STARTED_OVER = `again as materialized (
  select turn.n, turn.id as replay_id, turn.merchant_id, turn.whatever, v.id,
    row_number() over (partition by v.id order by turn.n) as place, count(*) over (partition by v.id) as size
  from turn cross join lateral jsonb_array_elements_text(turn.started_over) as v (id)
), numbered as (
  insert into mailboxes as m (actor_id, next_seq)
  select id, count(*) + 1 from again group by id order by id
  on conflict (actor_id) do update set next_seq = m.next_seq + excluded.next_seq - 1
  returning actor_id, next_seq
), commanded as (
  insert into inbox (actor_id, seq, kind, command_id, merchant_id, command, body)
  select a.id, numbered.next_seq - 1 - a.size + a.place, 'delivery', gen_random_uuid(), a.merchant_id, 'replay',
    jsonb_build_object('replay_id', a.replay_id, 'whatever', a.whatever)
  from again a join numbered on numbered.actor_id = a.id
)`

/** Deliveries of events that their endpoint never got, unless it got them since the page was read. */
const BORN_LATE = `late as materialized (
  select turn.n, turn.id as replay_id, turn.merchant_id, turn.endpoint_id, v.*
  from turn cross join lateral jsonb_to_recordset(turn.born)
    as v ("newDeliveryId" uuid, "eventId" text, "eventAt" timestamptz)
), delivered as (
  insert into webhook_deliveries (id, merchant_id, endpoint_id, event_id, event_at, type, payment_id, sequence, replay_id, timers, wake_at)
  select late."newDeliveryId", late.merchant_id, late.endpoint_id, e.id, e.created_at, e.type, e.payment_id, e.sequence,
    late.replay_id, jsonb_build_object('attempt', ${NOW_MS}), now()
  from late cross join lateral (
    select * from events q
    where q.id = late."eventId" and q.created_at = late."eventAt" and q.merchant_id = late.merchant_id offset 0
  ) e
  where (select 1 from webhook_deliveries d
    where d.payment_id = e.payment_id and d.sequence = e.sequence and d.endpoint_id = late.endpoint_id limit 1) is null
)`

/** A replay tells nobody but its journal. */
const NO_EVENTS = `event as materialized (
  select turn.merchant_id, null::text as payment_id, null::text as about_endpoint, null::text as id, 0 as sequence,
    null::text as type, null::text as payload
  from turn where false
)`

const RUNG = `
union all select n, null, id::uuid from again
union all select n, null, "newDeliveryId" from late`

/** $1: the group as JSON, sorted by id. */
export const commitReplays: Statement = {
  name: 'commit_replays',
  text: `
with i as materialized (
  select * from jsonb_to_recordset($1::jsonb) as t (${TURN_COLUMNS}, status text, replayed int, place text, ended_at timestamptz,
    started_over jsonb, born jsonb)
), ${UPDATED}, ${STARTED_OVER}, ${BORN_LATE}, ${NO_EVENTS}, ${CHILDREN_AND_ANSWER}${RUNG}`,
}
