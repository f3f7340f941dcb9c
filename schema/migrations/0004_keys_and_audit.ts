/**
 * Keys that a merchant looks after by itself, what was changed by whom, and notes on payments and refunds.
 *
 * A publishable key names a merchant where everybody can read it, in a page; it has no secret, so it can't open anything that takes one.
 * A line of the audit log is written before its change and completed after it: a crash in between leaves a line without an
 * outcome, never a change without a line.
 */
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
alter table api_keys
  add column kind text not null default 'secret' check (kind in ('secret', 'publishable')),
  add column name text,
  add column last_used_at timestamptz,
  alter column secret_hash drop not null,
  add check ((kind = 'secret') = (secret_hash is not null));
comment on column api_keys.last_used_at is 'to the minute: written together for all keys, once a minute at most';

create table audit_log (
  id text primary key,
  merchant_id uuid,
  actor text not null,
  action text not null,
  object_id text,
  changes jsonb not null default '{}',
  status int,
  request_id text not null,
  address text not null,
  created_at timestamptz not null default now()
);
create index audit_log_list on audit_log (merchant_id, created_at desc, id desc);
create index audit_log_all on audit_log (created_at desc, id desc);
comment on column audit_log.merchant_id is 'whose affairs it is; null until an operator has made the merchant';
comment on column audit_log.status is 'what was answered; null: the process ended before it was known';

alter table payments add column notes jsonb;
alter table refunds add column notes jsonb;
`)
    .execute(db)
}
