/**
 * How many partitions there are. Every process must count alike, or two would look for one actor in different places:
 * the first one writes the number down, and whoever disagrees does not start.
 */
import { partitionPrefix } from '../runtime/partitions.ts'
import { openRedis, parseRedisUrl, ready } from '../runtime/redis.ts'
import type { Database } from '../schema/database.ts'
import { StopReason } from './stop-reason.ts'

/** Spreads a Cluster's load; on one server more than one partition only costs round trips. */
const ON_A_CLUSTER = 16

/** The number when nobody has disagreed. `wanted`: the setting, or null for what suits the Redis. */
export function partitionsFor(redisUrl: string, wanted: number | null): number {
  return wanted ?? (parseRedisUrl(redisUrl).kind === 'cluster' ? ON_A_CLUSTER : 1)
}

/**
 * Writes the number down, or compares it with what stands there. Another number is taken over only while Redis is empty: then nobody works
 * by the old one, and the sweep brings everybody back under the new one. Throws a StopReason on disagreement.
 */
export async function agreePartitions(database: Database, redisUrl: string, wanted: number | null): Promise<number> {
  const count = partitionsFor(redisUrl, wanted)
  const { kysely } = database
  await kysely
    .insertInto('settings')
    .values({ name: 'partitions', value: String(count) })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute()
  const stored = kysely.selectFrom('settings').select('value').where('name', '=', 'partitions')
  const { value } = await stored.executeTakeFirstOrThrow()
  if (Number(value) === count) return count
  if (!(await isUnused(redisUrl, Number(value)))) {
    throw new StopReason(
      `PARTITIONS is ${count} but this gateway runs with ${value}; set PARTITIONS=${value}, or stop every process, ` +
        'empty Redis (FLUSHALL), and start again',
    )
  }
  const change = kysely.updateTable('settings').set({ value: String(count) })
  await change.where('name', '=', 'partitions').where('value', '=', value).execute()
  return count
}

/** True when Redis answers and has neither a lease nor an epoch in any of `count` partitions. */
async function isUnused(redisUrl: string, count: number): Promise<boolean> {
  const redis = openRedis(redisUrl, 'commands')
  try {
    await ready(redis)
    for (let p = 0; p < count; p++) {
      const prefix = partitionPrefix(p, count)
      if ((await redis.exists(`${prefix}epoch`, `${prefix}leases`)) > 0) return false
    }
    return true
  } catch {
    return false
  } finally {
    redis.disconnect()
  }
}
