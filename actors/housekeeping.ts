/**
 * What the tables need now and then, by whoever sweeps: idempotency keys past their day go, and the months ahead get their
 * partitions. Two at once do no harm.
 */
import type { Database, Statement } from '../schema/database.ts'
import { fromStore } from './away.ts'

/** $1: rows at most. By ctid, and past rows that a rival is deleting. */
export const purgeKeys: Statement = {
  name: 'purge_keys',
  text: `
with gone as (
  delete from idempotency_keys where ctid = any (array(
    select ctid from idempotency_keys where created_at < now() - interval '24 hours' order by created_at limit $1::int
    for update skip locked))
  returning 1
)
select count(*)::int as gone from gone`,
}

const makePartitions: Statement = { name: 'make_partitions', text: 'select make_partitions()' }

const KEYS_A_BATCH = 5_000
/** Bounded, because the sweep waits meanwhile; what is left goes the next time. */
const BATCHES = 100

/** Throws StoreAway. */
export async function keepHouse(database: Database): Promise<void> {
  await fromStore(() => database.run(makePartitions, []))
  for (let batch = 0; batch < BATCHES; batch++) {
    const [row] = await fromStore(() => database.run<{ gone: number }>(purgeKeys, [KEYS_A_BATCH]))
    if ((row?.gone ?? 0) < KEYS_A_BATCH) return
  }
}
