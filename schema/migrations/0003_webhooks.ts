/**
 * Webhooks one can run a business on: what a merchant may choose for an endpoint, how the endpoint has been doing, and replays.
 *
 * An endpoint's row has two writers with columns of their own: the API writes what its merchant chose, and a delivery's commit
 * writes how it does (failing_since, last_failed_at) and disables it. `revision` counts the merchant's changes, so that a
 * delivery that saw an older endpoint fail can't disable the one that has replaced it.
 */
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
alter table webhook_endpoints
  add column description text,
  add column timeout_ms int not null default 5000 check (timeout_ms between 1000 and 30000),
  add column headers bytea,
  add column ordered boolean not null default false,
  add column rate_limit int check (rate_limit between 1 and 1000),
  add column signing_key bytea,
  add column revision int not null default 0,
  add column disabled_reason text check (disabled_reason in ('merchant', 'gone', 'failing')),
  add column failing_since timestamptz,
  add column last_failed_at timestamptz;
comment on column webhook_endpoints.headers is 'the merchant''s own headers as JSON, sealed: they may hold a password';
comment on column webhook_endpoints.rate_limit is 'calls a second; null: no limit';
comment on column webhook_endpoints.signing_key is 'ed25519 private key, sealed; null: no v1a signature';
comment on column webhook_endpoints.failing_since is 'first failure since it last answered with 2xx, in a run without long gaps';
comment on column webhook_endpoints.last_failed_at is 'to the hour: written once an hour at most';

alter table webhook_attempts add column address text;

-- Every id that new_uuid_v7 makes at that moment or later is greater.
create function uuid_v7_floor(at timestamptz) returns uuid language sql immutable parallel safe as $$
  select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '70008000000000000000')::uuid
$$;

alter table webhook_deliveries add column replay_id text;
create index webhook_deliveries_replay on webhook_deliveries (replay_id, status) where replay_id is not null;
create index webhook_deliveries_failed on webhook_deliveries (merchant_id, created_at, id) where status = 'failed';

alter table inbox drop constraint inbox_kind_check, add check (kind in ('payment', 'delivery', 'replay'));

create table webhook_replays (
  id text primary key,
  merchant_id uuid not null,
  source text not null check (source in ('selected', 'failed', 'missing')),
  endpoint_id text,
  selected uuid[],
  since timestamptz,
  until timestamptz,
  rate int not null check (rate between 1 and 1000),
  status text not null default 'running' check (status in ('running', 'completed', 'canceled')),
  total int,
  replayed int not null default 0,
  place text,
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  version int not null default 0,
  last_seq int not null default 0,
  timers jsonb not null default '{}',
  wake_at timestamptz,
  check ((wake_at is null) = (timers = '{}')),
  check ((source = 'selected') = (selected is not null)),
  check ((source = 'selected') = (since is null)),
  check ((source = 'selected') = (until is null)),
  check (source <> 'missing' or endpoint_id is not null),
  check ((status = 'running') = (ended_at is null))
);
create index webhook_replays_due on webhook_replays (wake_at, id) where wake_at is not null;
create index webhook_replays_list on webhook_replays (merchant_id, created_at desc, id desc);
create unique index webhook_replays_missing on webhook_replays (endpoint_id) where source = 'missing' and status = 'running';
comment on column webhook_replays.total is 'null: what is missing shows while it looks';
comment on column webhook_replays.place is 'the last delivery or event that was replayed: the next page begins behind it';
comment on index webhook_replays_missing is 'two that fill one endpoint''s gaps would fill them twice';
`)
    .execute(db)
}
