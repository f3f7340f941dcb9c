/**
 * The first tables. Five rules shape them:
 *
 *  1. Two writers, two places. The API writes inbox rows, the actor writes its own row; neither overwrites the other's
 *     "there is work". An actor is due when `wake_at` has passed or an unhandled inbox row exists.
 *  2. `inbox.seq` is dense per actor, given out under the row lock on `mailboxes`, so commit order is seq order.
 *  3. `version` is the fence: a turn commits only while the row still has the number that was loaded.
 *  4. No foreign keys on hot rows (they cost 40 % of the insert rate); the statements keep the rules and a test checks them.
 *  5. Hot tables leave room for in-place updates and are vacuumed early, because a sweep reads their due index all day.
 */
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
create table merchants (
  id uuid primary key,
  num int generated always as identity unique,
  name text not null,
  email text not null,
  test boolean not null default false,
  webhook_secret bytea not null,
  previous_webhook_secret bytea,
  previous_webhook_secret_expires_at timestamptz,
  idempotency_mismatch text not null default 'conflict' check (idempotency_mismatch in ('conflict', 'replay')),
  allowed_origins text[] not null default '{}',
  created_at timestamptz not null default now(),
  check ((previous_webhook_secret is null) = (previous_webhook_secret_expires_at is null))
);
comment on column merchants.num is 'the tenant in actor addresses, written in base 36';
comment on column merchants.webhook_secret is 'AES-256-GCM under SECRETS_KEY: nonce, tag, ciphertext';

create table api_keys (
  key text primary key,
  merchant_id uuid not null references merchants (id),
  secret_hash bytea not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz
);
create index api_keys_merchant on api_keys (merchant_id);

create table orders (
  merchant_id uuid not null,
  id text not null,
  amount bigint not null check (amount >= 100),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  receipt text,
  notes jsonb,
  client_secret_hash bytea,
  created_at timestamptz not null default now(),
  primary key (merchant_id, id)
);
create index orders_list on orders (merchant_id, created_at desc, id desc);
create index orders_public on orders (id);
create index orders_receipt on orders (merchant_id, receipt) where receipt is not null;
comment on table orders is 'never updated: created/attempted/paid, attempts and amount_paid are read from payments';

create table payments (
  id text primary key,
  merchant_id uuid not null,
  order_id text not null,
  amount bigint not null check (amount >= 100),
  currency text not null,
  method text not null check (method in ('upi', 'card')),
  vpa text,
  card_network text,
  card_last4 text check (card_last4 ~ '^[0-9]{4}$'),
  instrument text not null,
  exclusive boolean not null default false,
  status text not null default 'pending' check (status in ('pending', 'success', 'failed')),
  canceled boolean not null default false,
  captured_amount bigint,
  amount_refunded bigint not null default 0,
  error_code text,
  error_description text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version int not null default 0,
  last_seq int not null default 0,
  event_seq int not null default 0,
  timers jsonb not null default '{}',
  wake_at timestamptz,
  check (captured_amount is null or captured_amount between 1 and amount),
  check (amount_refunded between 0 and amount),
  check (captured_amount is null or status = 'success'),
  check ((status = 'failed') = (error_code is not null)),
  check ((wake_at is null) = (timers = '{}'))
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
create index payments_due on payments (wake_at, id) where wake_at is not null;
create index payments_list on payments (merchant_id, created_at desc, id desc);
create index payments_order on payments (merchant_id, order_id, created_at desc);
create unique index payments_exclusive on payments (merchant_id, order_id) where exclusive and status <> 'failed' and not canceled;
comment on column payments.exclusive is 'taken through the checkout: an order has one such payment that lives or succeeded';
comment on column payments.instrument is 'the acquirer''s token, made before the insert: never a card number or a CVV';

create table operations (
  key text primary key,
  payment_id text not null,
  kind text not null check (kind in ('authorize', 'capture', 'void', 'refund')),
  amount bigint not null check (amount > 0),
  state text not null check (state in ('asking', 'pending', 'done', 'declined')),
  bank_ref text,
  error_code text,
  asked int not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
) with (fillfactor = 80);
create index operations_payment on operations (payment_id);
comment on table operations is 'what was asked of a bank, written before it is asked; the key is the bank''s idempotency key';

create table refunds (
  id text primary key,
  payment_id text not null,
  merchant_id uuid not null,
  amount bigint not null check (amount > 0),
  reason text,
  status text not null default 'pending' check (status in ('pending', 'processed', 'failed')),
  error_code text,
  error_description text,
  created_at timestamptz not null default now(),
  processed_at timestamptz,
  check ((status = 'processed') = (processed_at is not null))
);
create index refunds_payment on refunds (payment_id);
create index refunds_list on refunds (merchant_id, created_at desc, id desc);

create table mailboxes (
  actor_id text primary key,
  next_seq int not null check (next_seq > 1)
) with (fillfactor = 50);
comment on table mailboxes is 'exists once an actor has had a command; next_seq is what its next command gets';

create table inbox (
  actor_id text not null,
  seq int not null,
  kind text not null check (kind in ('payment', 'delivery')),
  command_id uuid not null,
  merchant_id uuid not null,
  command text not null,
  body jsonb not null,
  reply_to text,
  created_at timestamptz not null default now(),
  handled_at timestamptz,
  result json,
  primary key (actor_id, seq)
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
create index inbox_due on inbox (created_at, actor_id) where handled_at is null;
create index inbox_refunds on inbox ((body ->> 'refund_id')) where command = 'refund';
comment on index inbox_refunds is 'a refund that was answered with 202 is found by its id before its row exists, and after a late refusal';

create table idempotency_keys (
  merchant_id uuid not null,
  key text not null,
  fingerprint bytea not null,
  object_id text not null,
  actor_id text,
  command_id uuid,
  status int,
  response text,
  created_at timestamptz not null default now(),
  primary key (merchant_id, key),
  check ((command_id is null) = (response is not null)),
  check ((command_id is null) = (actor_id is null)),
  check ((status is null) = (response is null))
);
create index idempotency_keys_age on idempotency_keys (created_at);
comment on column idempotency_keys.fingerprint is 'HMAC over method, path and body, with card data replaced by its HMAC: a plain hash could be searched';

create table webhook_endpoints (
  id text primary key,
  merchant_id uuid not null references merchants (id),
  url text not null,
  events text[] not null default '{*}',
  enabled boolean not null default true,
  secret bytea,
  previous_secret bytea,
  previous_secret_expires_at timestamptz,
  retry_intervals int[],
  created_at timestamptz not null default now()
);
create index webhook_endpoints_merchant on webhook_endpoints (merchant_id, created_at);
comment on column webhook_endpoints.secret is 'null: the merchant''s own webhook secret';
comment on column webhook_endpoints.retry_intervals is 'seconds between attempts; null: the gateway''s schedule';

create table events (
  id text not null,
  merchant_id uuid not null,
  payment_id text,
  sequence int not null,
  type text not null,
  payload text not null,
  created_at timestamptz not null default now(),
  primary key (id, created_at)
) partition by range (created_at);
create table events_default partition of events default;
create index events_payment on events (payment_id, sequence);
create index events_list on events (merchant_id, created_at desc, id desc);

create table webhook_deliveries (
  id uuid primary key,
  merchant_id uuid not null,
  endpoint_id text not null,
  event_id text not null,
  event_at timestamptz not null,
  type text not null,
  payment_id text,
  sequence int not null,
  status text not null default 'pending' check (status in ('pending', 'success', 'failed')),
  attempts int not null default 0 check (attempts >= 0),
  response_code int,
  last_attempt_at timestamptz,
  created_at timestamptz not null default now(),
  version int not null default 0,
  last_seq int not null default 0,
  timers jsonb not null default '{}',
  wake_at timestamptz,
  check ((wake_at is null) = (timers = '{}'))
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
create index webhook_deliveries_due on webhook_deliveries (wake_at, id) where wake_at is not null;
create index webhook_deliveries_list on webhook_deliveries (merchant_id, created_at desc, id desc);
create index webhook_deliveries_payment on webhook_deliveries (payment_id, sequence);

create table webhook_attempts (
  delivery_id uuid not null,
  n int not null,
  attempt int not null,
  at timestamptz not null,
  duration_ms int not null,
  response_code int,
  error text,
  request_headers jsonb not null,
  response_headers jsonb,
  response_body text,
  timings jsonb,
  primary key (delivery_id, n)
);
comment on column webhook_attempts.n is 'counts on through a manual retry, which sets attempt back to 1';

create table journal (
  actor_id text not null,
  version int not null,
  entry jsonb not null,
  at timestamptz not null default now()
) partition by range (at);
create table journal_default partition of journal default;
create index journal_actor on journal (actor_id, version);
comment on table journal is 'the flight recorder: one row a commit';

create table settings (
  name text primary key,
  value text not null
);
comment on table settings is 'what all processes must agree on, such as the number of partitions';

-- The months that events and journal fall into, from this one to two ahead. A missing month never fails a commit: the
-- default partition takes it, and then keeps that month (check_violation). The months are counted in UTC without a time
-- zone: a month added to a timestamptz is a month of the session's zone, whose bounds overlap or leave gaps.
create function make_partitions() returns void language plpgsql as $$
declare
  parent text;
  child text;
  month timestamp;
begin
  perform pg_advisory_xact_lock(72512);
  foreach parent in array array['events', 'journal'] loop
    for ahead in 0..2 loop
      month := date_trunc('month', now() at time zone 'utc') + ahead * interval '1 month';
      child := parent || '_' || to_char(month, 'YYYYMM');
      continue when to_regclass(child) is not null;
      begin
        execute format('create table %I partition of %I for values from (%L) to (%L)', child, parent,
          month at time zone 'utc', (month + interval '1 month') at time zone 'utc');
      exception when check_violation then null;
      end;
    end loop;
  end loop;
end $$;
select make_partitions();

-- Rows that a statement gives birth to get their ids where they are born. Version 7, so that they lie in their index by time;
-- PostgreSQL has a function of its own only from 18 on.
create function new_uuid_v7() returns uuid language sql volatile parallel safe as $$
  select encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
    placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid
$$;

-- The books of the simulated bank: a bank's own, in a schema of their own. Nothing of the gateway reads them but its acquirer.
create schema bank;
create table bank.operations (
  key text primary key,
  kind text not null check (kind in ('authorize', 'capture', 'void', 'refund')),
  payment text not null,
  line int not null check (line > 0),
  amount bigint not null check (amount > 0),
  currency text not null,
  outcome text not null check (outcome in ('approved', 'declined', 'silent')),
  error_description text,
  bank_ref text not null,
  ready_at timestamptz not null,
  created_at timestamptz not null default now(),
  unique (payment, line)
);
comment on column bank.operations.line is 'dense per payment: two operations that were decided from the same books collide here, and one looks again';
`)
    .execute(db)
}
