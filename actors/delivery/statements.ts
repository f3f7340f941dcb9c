/**
 * The two statements of a delivery's store. The endpoint and the event's text are read with every load, so that a changed URL,
 * a new secret or a deleted endpoint counts from the next attempt on.
 */
import type { Statement } from '../../schema/database.ts'
import { CHILDREN_AND_ANSWER, EVENT_COLUMNS, TURN_COLUMNS, TURN_RETURNED, WAKE_AT } from '../commit.ts'
import { COMMANDS, NOW_MS } from '../load.ts'

const MS = (column: string) => `floor(extract(epoch from ${column}) * 1000)::float8`

/** Where order is kept: when the event before this one of its payment is tried next. In flight is due long since. */
const EARLIER_DUE = `case when w.ordered and d.payment_id is not null and d.status = 'pending' then (
    select coalesce(${MS('q.wake_at')}, 0) from webhook_deliveries q
    where q.payment_id = d.payment_id and q.sequence < d.sequence and q.endpoint_id = d.endpoint_id and q.status = 'pending'
    order by q.sequence limit 1) end`

/** $1: ids. The secret is the endpoint's own or else its merchant's; the one before it comes along while it is in its grace. */
export const loadDeliveries: Statement = {
  name: 'load_deliveries',
  text: `
select d.*, m.num as tenant, ${NOW_MS} as now_ms, ${COMMANDS('d.id::text', 'd.last_seq')} as commands, e.payload,
  (select coalesce(max(n), 0) from webhook_attempts where delivery_id = d.id) as logged,
  w.id is not null as has_endpoint, w.url, w.enabled, w.revision, w.retry_intervals, w.timeout_ms, w.headers, w.ordered,
  w.rate_limit, w.signing_key, ${MS('w.failing_since')} as failing_since_ms, ${MS('w.last_failed_at')} as last_failed_ms,
  ${EARLIER_DUE} as earlier_due_ms,
  case when w.secret is null then m.webhook_secret else w.secret end as secret,
  case when w.secret is null then case when m.previous_webhook_secret_expires_at > now() then m.previous_webhook_secret end
    when w.previous_secret_expires_at > now() then w.previous_secret end as previous_secret
from unnest($1::uuid[]) as i (id)
cross join lateral (select * from webhook_deliveries q where q.id = i.id offset 0) d
cross join lateral (
  select payload from events q where q.id = d.event_id and q.created_at = d.event_at and q.merchant_id = d.merchant_id offset 0
) e
cross join lateral (select * from merchants q where q.id = d.merchant_id offset 0) m
left join lateral (select * from webhook_endpoints q where q.id = d.endpoint_id offset 0) w on true`,
}

const UPDATED = `turn as (
  update webhook_deliveries d set version = d.version + 1, last_seq = i.last_seq, timers = i.timers, wake_at = ${WAKE_AT},
    status = i.status, attempts = i.attempts, response_code = i.response_code, last_attempt_at = i.last_attempt_at,
    replay_id = i.replay_id
  from i cross join lateral (
    select q.ctid as at, q.last_seq from webhook_deliveries q where q.id = i.id::uuid and q.version = i.version offset 0
  ) y
  where d.ctid = y.at and d.version = i.version
  returning ${TURN_RETURNED}, i.attempt_log, i.endpoint_id, i.revision, i.finding, i.disables, i.lets_go, i.sequence
)`

const LOGGED = `logged as (
  insert into webhook_attempts as a (delivery_id, n, attempt, at, duration_ms, response_code, error, request_headers,
    response_headers, response_body, timings, address)
  select turn.id::uuid, v.n, v.attempt, v.at, v."durationMs", v."responseCode", v.error, v."requestHeaders",
    v."responseHeaders", v."responseBody", v.timings, v.address
  from turn cross join lateral jsonb_to_recordset(turn.attempt_log) as v (n int, attempt int, at timestamptz, "durationMs" int,
    "responseCode" int, error text, "requestHeaders" jsonb, "responseHeaders" jsonb, "responseBody" text, timings jsonb,
    address text)
  on conflict (delivery_id, n) do update set duration_ms = excluded.duration_ms, response_code = excluded.response_code,
    error = excluded.error, response_headers = excluded.response_headers, response_body = excluded.response_body,
    timings = excluded.timings, address = excluded.address
)`

/**
 * What attempts found out about their endpoints, an endpoint at a time and sorted before it locks. Of several that saw it fail one
 * disables it; nobody disables an endpoint that its merchant has changed since. A rival's finding in the same moment stands in
 * for ours, and the next attempt finds again what is still so.
 */
const FOUND = `found as materialized (
  select endpoint_id, revision, min(n) filter (where disables is not null) as n, min(disables) as disables,
    bool_or(finding = 'recovered') as recovered, bool_or(finding = 'failing') as failing
  from turn where finding is not null group by endpoint_id, revision order by endpoint_id
), endpoint as (
  update webhook_endpoints w set enabled = y.n is null, disabled_reason = y.disables,
    failing_since = case when y.recovered then null when y.failing then now() else w.failing_since end,
    last_failed_at = case when not y.recovered then now() end
  from (
    select found.*, e.at from found cross join lateral (
      select q.ctid as at from webhook_endpoints q
      where q.id = found.endpoint_id and q.revision = found.revision and q.enabled offset 0
    ) e
  ) y
  where w.ctid = y.at
  returning y.n
)`

/** About an endpoint and not about a payment: outside the payment's sequence, and no use telling the endpoint that failed. */
const EVENTS = `event as materialized (
  select turn.merchant_id, null::text as payment_id, turn.endpoint_id as about_endpoint, v.*
  from turn cross join lateral jsonb_to_recordset(turn.events) as v (${EVENT_COLUMNS})
  where v.type <> 'endpoint.disabled' or (turn.n in (select n from endpoint)) is true
)`

/** Where order is kept, a delivery that is through lets the next of its payment go: it wants a doorbell. */
const LET_GO = `
union all select turn.n, null, next.id from turn cross join lateral (
  select q.id from webhook_deliveries q
  where q.payment_id = turn.lets_go and q.sequence > turn.sequence and q.endpoint_id = turn.endpoint_id and q.status = 'pending'
  order by q.sequence limit 1
) next`

/** $1: the group as JSON, sorted by id. */
export const commitDeliveries: Statement = {
  name: 'commit_deliveries',
  text: `
with i as materialized (
  select * from jsonb_to_recordset($1::jsonb) as t (${TURN_COLUMNS}, status text, attempts int, response_code int,
    last_attempt_at timestamptz, replay_id text, attempt_log jsonb, endpoint_id text, revision int, finding text, disables text,
    lets_go text, sequence int)
), ${UPDATED}, ${LOGGED}, ${FOUND}, ${EVENTS}, ${CHILDREN_AND_ANSWER}${LET_GO}`,
}
