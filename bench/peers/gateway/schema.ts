/** The peer's tables: as few and as lean as the job allows, with the same indexes for lists as ours and none to sweep by. */
import { createHash } from 'node:crypto'
import pg from 'pg'

export const MERCHANT_ID = '550e8400-e29b-41d4-a716-446655440000'

const TABLES = `
create table merchants (id uuid primary key, name text not null, webhook_url text, webhook_secret text not null);
create table api_keys (key text primary key, merchant_id uuid not null references merchants, secret_hash bytea not null);
create table orders (
  merchant_id uuid not null, id text not null, amount bigint not null, currency text not null,
  created_at timestamptz not null default now(), primary key (merchant_id, id)
);
create table payments (
  id text primary key, merchant_id uuid not null, order_id text not null, amount bigint not null, currency text not null,
  method text not null, vpa text, status text not null default 'pending', error_code text,
  created_at timestamptz not null default now(), updated_at timestamptz not null default now()
);
create index payments_list on payments (merchant_id, created_at desc, id desc);
create index payments_order on payments (merchant_id, order_id, created_at desc);
create table webhook_deliveries (
  id uuid primary key default gen_random_uuid(), merchant_id uuid not null, payment_id text not null, event text not null,
  payload text not null, status text not null default 'pending', attempts int not null default 0, response_code int,
  last_attempt_at timestamptz, created_at timestamptz not null default now()
);
create index webhook_deliveries_list on webhook_deliveries (merchant_id, created_at desc, id desc)`

/** Empty but for the merchant, who hears of his payments at `webhookUrl`. */
export async function createSchema(databaseUrl: string, webhookUrl: string | null): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  await client.query(TABLES)
  await client.query('insert into merchants values ($1, $2, $3, $4)', [MERCHANT_ID, 'Peer', webhookUrl, 'whsec_peer'])
  const hash = createHash('sha256').update('secret_test_xyz789').digest()
  await client.query('insert into api_keys values ($1, $2, $3)', ['key_test_abc123', MERCHANT_ID, hash])
  await client.query("insert into orders values ($1, 'ord_test_001', 50000, 'INR')", [MERCHANT_ID])
  await client.end()
}

export async function emptyTables(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  await client.query('truncate payments, webhook_deliveries')
  await client.end()
}
