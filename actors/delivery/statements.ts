/**
 * The two statements of a delivery's store. The endpoint and the event's text are read with every load, so that a changed URL,
 * a new secret or a deleted endpoint counts from the next attempt on.
 */
import type { Statement } from '../../schema/database.ts'
import { CHILDREN_AND_ANSWER, EVENT_COLUMNS, TURN_COLUMNS, TURN_RETURNED, WAKE_AT } from '../commit.ts'
import { COMMANDS, NOW_MS } from '../load.ts'

/** $1: ids. The secret is the endpoint's own or else its merchant's; the one before it comes along while it is in its grace. */
export const loadDeliveries: Statement = {
  name: 'load_deliveries',
  text: `
select d.*, m.num as tenant, ${NOW_MS} as now_ms, ${COMMANDS('d.id::text', 'd.last_seq')} as commands, e.payload,
  (select coalesce(max(n), 0) from webhook_attempts where delivery_id = d.id) as logged,
  w.id is not null as has_endpoint, w.url, w.enabled, w.retry_intervals,
  case when w.secret is null then m.webhook_secret else w.secret end as secret,
  case when w.secret is null then case when m.previous_webhook_secret_expires_at > now() then m.previous_webhook_secret end
    when w.previous_secret_expires_at > now() then w.previous_secret end as previous_secret
from unnest($1::uuid[]) as i (id)
cross join lateral (select * from webhook_deliveries q where q.id = i.id offset 0) d
cross join lateral (select payload from events q where q.id = d.event_id and q.created_at = d.event_at offset 0) e
cross join lateral (select * from merchants q where q.id = d.merchant_id offset 0) m
left join lateral (select * from webhook_endpoints q where q.id = d.endpoint_id offset 0) w on true`,
}

const UPDATED = `turn as (
  update webhook_deliveries d set version = d.version + 1, last_seq = i.last_seq, timers = i.timers, wake_at = ${WAKE_AT},
    status = i.status, attempts = i.attempts, response_code = i.response_code, last_attempt_at = i.last_attempt_at
  from i cross join lateral (
    select q.ctid as at, q.last_seq from webhook_deliveries q where q.id = i.id::uuid and q.version = i.version offset 0
  ) y
  where d.ctid = y.at and d.version = i.version
  returning ${TURN_RETURNED}, i.attempt_log, i.endpoint_id, i.disables
)`

const LOGGED = `logged as (
  insert into webhook_attempts as a (delivery_id, n, attempt, at, duration_ms, response_code, error, request_headers,
    response_headers, response_body, timings)
  select turn.id::uuid, v.n, v.attempt, v.at, v."durationMs", v."responseCode", v.error, v."requestHeaders",
    v."responseHeaders", v."responseBody", v.timings
  from turn cross join lateral jsonb_to_recordset(turn.attempt_log) as v (n int, attempt int, at timestamptz, "durationMs" int,
    "responseCode" int, error text, "requestHeaders" jsonb, "responseHeaders" jsonb, "responseBody" text, timings jsonb)
  on conflict (delivery_id, n) do update set duration_ms = excluded.duration_ms, response_code = excluded.response_code,
    error = excluded.error, response_headers = excluded.response_headers, response_body = excluded.response_body,
    timings = excluded.timings
)`

/** Emitting endpoint.disabled is what disables it, here and nowhere else; of several that saw it fail, one emits. */
const DISABLED = `disabled as (
  update webhook_endpoints w set enabled = false
  from (
    select turn.n, e.at from turn cross join lateral (
      select q.ctid as at from webhook_endpoints q where q.id = turn.endpoint_id and q.enabled offset 0
    ) e where turn.disables
  ) y
  where w.ctid = y.at and w.enabled
  returning y.n
)`

/** About an endpoint and not about a payment: outside the payment's sequence, and no use telling the endpoint that failed. */
const EVENTS = `event as materialized (
  select turn.merchant_id, null::text as payment_id, turn.endpoint_id as about_endpoint, v.*
  from turn cross join lateral jsonb_to_recordset(turn.events) as v (${EVENT_COLUMNS})
  where v.type <> 'endpoint.disabled' or (turn.n in (select n from disabled)) is true
)`

/** $1: the group as JSON, sorted by id. */
export const commitDeliveries: Statement = {
  name: 'commit_deliveries',
  text: `
with i as materialized (
  select * from jsonb_to_recordset($1::jsonb) as t (${TURN_COLUMNS}, status text, attempts int, response_code int,
    last_attempt_at timestamptz, attempt_log jsonb, endpoint_id text, disables boolean)
), ${UPDATED}, ${LOGGED}, ${DISABLED}, ${EVENTS}, ${CHILDREN_AND_ANSWER}`,
}
