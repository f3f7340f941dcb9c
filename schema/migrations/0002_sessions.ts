/**
 * Signing in with a browser. A session is a token of our own making, kept as its hash like an API secret; a password is a
 * person's choice and guessable, so it is kept as scrypt makes it. One that was never set is null: then a key pair signs in.
 */
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
alter table merchants add column password_hash text;
create index merchants_email on merchants (lower(email));

create table sessions (
  token_hash bytea primary key,
  merchant_id uuid references merchants (id),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index sessions_age on sessions (expires_at);
comment on column sessions.merchant_id is 'null: the operator''s';
`)
    .execute(db)
}
