/**
 * How many partitions there are. Every process must count alike, or two would look for one actor in different places:
 * the first one writes the number down, and whoever disagrees does not start.
 */
import { parseRedisUrl } from '../runtime/redis.ts'
import type { Database } from '../schema/database.ts'
import { StopReason } from './stop-reason.ts'

/** Spreads a Cluster's load; on one server more than one partition only costs round trips. */
const ON_A_CLUSTER = 16

/** The number when nobody has disagreed. `wanted`: the setting, or null for what suits the Redis. */
export function partitionsFor(redisUrl: string, wanted: number | null): number {
  return wanted ?? (parseRedisUrl(redisUrl).kind === 'cluster' ? ON_A_CLUSTER : 1)
}

/** Writes the number down, or compares it with what stands there. Throws a StopReason on disagreement. */
export async function agreePartitions(database: Database, redisUrl: string, wanted: number | null): Promise<number> {
  const count = partitionsFor(redisUrl, wanted)
  const { kysely } = database
  await kysely
    .insertInto('settings')
    .values({ name: 'partitions', value: String(count) })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute()
  const { value } = await kysely
    .selectFrom('settings')
    .select('value')
    .where('name', '=', 'partitions')
    .executeTakeFirstOrThrow()
  if (Number(value) !== count) {
    throw new StopReason(
      `PARTITIONS is ${count} but this database runs with ${value}; set PARTITIONS=${value}, or stop every process, ` +
        `empty Redis and write ${count} into the table settings`,
    )
  }
  return count
}
