/**
 * The two statements of a payment's store: all claimed payments in one look, all finished turns in one write. Both
 * are planned so that they cost one look-up by the full key a payment, however large the tables are (see ../commit.ts).
 */
import type { Statement } from '../../schema/database.ts'
import { CHILDREN_AND_ANSWER, EVENT_COLUMNS, TURN_COLUMNS, TURN_RETURNED, WAKE_AT } from '../commit.ts'
import { COMMANDS, NOW_MS } from '../load.ts'

const OPEN_OPERATIONS = `(select json_agg(o) from (
    select key, kind, amount, state, bank_ref as "bankRef", error_code as "errorCode", asked, created_at as "createdAt"
    from operations where payment_id = p.id and state in ('asking', 'pending')) o)`

const PENDING_REFUNDS = `(select json_agg(r) from (
    select id, payment_id as "paymentId", merchant_id as "merchantId", amount, reason, notes, status, error_code as "errorCode",
      error_description as "errorDescription", created_at as "createdAt", processed_at as "processedAt"
    from refunds where payment_id = p.id and status = 'pending') r)`

/** $1: ids. One snapshot of each payment with everything that is due to it. */
export const loadPayments: Statement = {
  name: 'load_payments',
  text: `
select p.*, m.num as tenant, ${NOW_MS} as now_ms, ${COMMANDS('p.id', 'p.last_seq')} as commands,
  ${OPEN_OPERATIONS} as operations, ${PENDING_REFUNDS} as refunds
from unnest($1::text[]) as i (id)
cross join lateral (select * from payments q where q.id = i.id offset 0) p
cross join lateral (select num from merchants q where q.id = p.merchant_id offset 0) m`,
}

const UPDATED = `turn as (
  update payments p set version = p.version + 1, last_seq = i.last_seq, timers = i.timers, wake_at = ${WAKE_AT},
    status = i.status, vpa = i.vpa, canceled = i.canceled, captured_amount = i.captured_amount, amount_refunded = i.amount_refunded,
    error_code = i.error_code, error_description = i.error_description, event_seq = i.event_seq, updated_at = i.updated_at
  from i cross join lateral (
    select q.ctid as at, q.last_seq from payments q where q.id = i.id and q.version = i.version offset 0
  ) y
  where p.ctid = y.at and p.version = i.version
  returning ${TURN_RETURNED}, i.operations, i.refunds
)`

const OPERATIONS = `operation as (
  insert into operations as o (key, payment_id, kind, amount, state, bank_ref, error_code, asked, created_at)
  select v.key, turn.id, v.kind, v.amount, v.state, v."bankRef", v."errorCode", v.asked, v."createdAt"
  from turn cross join lateral jsonb_to_recordset(turn.operations) as v (key text, kind text, amount bigint, state text,
    "bankRef" text, "errorCode" text, asked int, "createdAt" timestamptz)
  on conflict (key) do update set state = excluded.state, bank_ref = excluded.bank_ref, error_code = excluded.error_code,
    asked = excluded.asked, updated_at = now()
)`

const REFUNDS = `refund as (
  insert into refunds as r (id, payment_id, merchant_id, amount, reason, notes, status, error_code, error_description, created_at, processed_at)
  select v.id, turn.id, turn.merchant_id, v.amount, v.reason, v.notes, v.status, v."errorCode", v."errorDescription", v."createdAt", v."processedAt"
  from turn cross join lateral jsonb_to_recordset(turn.refunds) as v (id text, amount bigint, reason text, notes jsonb, status text,
    "errorCode" text, "errorDescription" text, "createdAt" timestamptz, "processedAt" timestamptz)
  on conflict (id) do update set status = excluded.status, error_code = excluded.error_code,
    error_description = excluded.error_description, processed_at = excluded.processed_at
)`

const EVENTS = `event as materialized (
  select turn.merchant_id, turn.id as payment_id, null::text as about_endpoint, v.*
  from turn cross join lateral jsonb_to_recordset(turn.events) as v (${EVENT_COLUMNS})
)`

/** $1: the group as JSON, sorted by id. Answers the places of the turns that held their version, and the deliveries they gave birth to. */
export const commitPayments: Statement = {
  name: 'commit_payments',
  text: `
with i as materialized (
  select * from jsonb_to_recordset($1::jsonb) as t (${TURN_COLUMNS}, status text, vpa text, canceled boolean, captured_amount bigint,
    amount_refunded bigint, error_code text, error_description text, event_seq int, updated_at timestamptz, operations jsonb, refunds jsonb)
), ${UPDATED}, ${OPERATIONS}, ${REFUNDS}, ${EVENTS}, ${CHILDREN_AND_ANSWER}`,
}
