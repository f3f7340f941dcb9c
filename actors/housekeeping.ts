/**
 * What the tables need now and then, by whoever sweeps: what has expired goes, and the months ahead get their partitions. Two at
 * once do no harm. Orders, payments, refunds, what was asked of the bank, and the commands to payments are the books: they stay.
 */
import type { Database, Statement } from '../schema/database.ts'
import { fromStore } from './away.ts'

/** How long an event can be read, and be sent to an endpoint that never got it. */
export const EVENT_DAYS = 30
/** An event's deliveries begin while it can be read, so all of them are older than this once it is older than twice that. */
const DELIVERY_DAYS = EVENT_DAYS + 1
/** A year and a month, so that a year can be looked back on. */
const RECORD_DAYS = 396

/** $1: rows at most. By ctid, and past rows that a rival is deleting. */
const purge = (table: string, expired: string, age: string): Statement => ({
  name: `purge_${table}`,
  text: `
with gone as (
  delete from ${table} where ctid = any (array(
    select ctid from ${table} where ${expired} order by ${age} limit $1::int for update skip locked))
  returning 1
)
select count(*)::int as gone from gone`,
})

/** A key is remembered for a day. */
export const purgeKeys = purge('idempotency_keys', `created_at < now() - interval '24 hours'`, 'created_at')
export const purgeSessions = purge('sessions', 'expires_at < now()', 'expires_at')
export const purgeAudit = purge('audit_log', `created_at < now() - interval '${RECORD_DAYS} days'`, 'created_at')

/**
 * Deliveries that are through and have no command to handle, with what belongs to them. An id begins with the time of its birth, so the oldest lie together.
 * $1: rows at most.
 */
export const purgeDeliveries: Statement = {
  name: 'purge_deliveries',
  text: `
with old as materialized (
  select d.ctid as at, d.id from webhook_deliveries d
  where d.id < uuid_v7_floor(now() - interval '${DELIVERY_DAYS} days') and d.wake_at is null
    and coalesce((select next_seq - 1 from mailboxes where actor_id = d.id::text), 0) = d.last_seq
  order by d.id limit $1::int for update of d skip locked
), attempt as (
  delete from webhook_attempts a using (
    select q.ctid as at from old cross join lateral (
      select ctid from webhook_attempts where delivery_id = old.id offset 0) q
  ) o where a.ctid = o.at
), command as (
  delete from inbox b using (
    select q.ctid as at from old cross join lateral (select ctid from inbox where actor_id = old.id::text offset 0) q
  ) o where b.ctid = o.at
), mailbox as (
  delete from mailboxes m using (
    select q.ctid as at from old cross join lateral (select ctid from mailboxes where actor_id = old.id::text offset 0) q
  ) o where m.ctid = o.at
), gone as (
  delete from webhook_deliveries where ctid = any (array(select at from old)) returning 1
)
select count(*)::int as gone from gone`,
}

/** A delivery reads its event with every attempt, so the month stays while one of that age is still on its way. */
export const dropEvents: Statement = {
  name: 'drop_events',
  text: `
select drop_months('events', interval '${2 * DELIVERY_DAYS} days') where (
  select count(*) from (
    select from webhook_deliveries where id < uuid_v7_floor(now() - interval '${DELIVERY_DAYS + 1} days')
    order by id limit 1) old) = 0`,
}

const dropJournal: Statement = {
  name: 'drop_journal',
  text: `select drop_months('journal', interval '${RECORD_DAYS} days')`,
}

const makePartitions: Statement = { name: 'make_partitions', text: 'select make_partitions()' }

const ROWS_A_BATCH = 5_000
/** Bounded, because the sweep waits meanwhile; what is left goes the next time. */
const BATCHES = 100

/** Throws StoreAway. */
export async function keepHouse(database: Database): Promise<void> {
  await fromStore(() => database.run(makePartitions, []))
  for (const statement of [purgeKeys, purgeSessions, purgeAudit, purgeDeliveries]) await purgeAll(database, statement)
  for (const statement of [dropEvents, dropJournal]) await fromStore(() => database.run(statement, []))
}

async function purgeAll(database: Database, statement: Statement): Promise<void> {
  for (let batch = 0; batch < BATCHES; batch++) {
    const [row] = await fromStore(() => database.run<{ gone: number }>(statement, [ROWS_A_BATCH]))
    if ((row?.gone ?? 0) < ROWS_A_BATCH) return
  }
}
