/**
 * What the tables need now and then, by whoever sweeps: what has expired goes, and the months ahead get their partitions. Two at
 * once do no harm.
 */
import type { Database, Statement } from '../schema/database.ts'
import { fromStore } from './away.ts'

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
/** Who changed what is remembered for a year and a month, so that a year can be looked back on. */
export const purgeAudit = purge('audit_log', `created_at < now() - interval '396 days'`, 'created_at')

/**
 * The log of attempts is kept for 30 days. A delivery's id begins with the time of its birth, so the oldest lie together; an attempt of
 * a delivery that was started over since is younger than its id and stays.
 */
export const purgeAttempts = purge(
  'webhook_attempts',
  `delivery_id < uuid_v7_floor(now() - interval '30 days') and at < now() - interval '30 days'`,
  'delivery_id',
)

const makePartitions: Statement = { name: 'make_partitions', text: 'select make_partitions()' }

const ROWS_A_BATCH = 5_000
/** Bounded, because the sweep waits meanwhile; what is left goes the next time. */
const BATCHES = 100

/** Throws StoreAway. */
export async function keepHouse(database: Database): Promise<void> {
  await fromStore(() => database.run(makePartitions, []))
  for (const statement of [purgeKeys, purgeSessions, purgeAudit, purgeAttempts]) await purgeAll(database, statement)
}

async function purgeAll(database: Database, statement: Statement): Promise<void> {
  for (let batch = 0; batch < BATCHES; batch++) {
    const [row] = await fromStore(() => database.run<{ gone: number }>(statement, [ROWS_A_BATCH]))
    if ((row?.gone ?? 0) < ROWS_A_BATCH) return
  }
}
