/**
 * The leases that the workers hold. When a worker dies its actors would rest until its lease runs out, five seconds; the
 * supervisor saw it die, so it ends the lease at once and others take over within milliseconds.
 */
import { MAX_FAILURES } from '../../runtime/limits.ts'
import { partitionPrefix } from '../../runtime/partitions.ts'
import { openRedis, ready } from '../../runtime/redis.ts'
import { defineScripts, Partition } from '../../runtime/scripts.ts'

/** Ends the leases, in every partition. Throws when Redis is away: then the leases end by themselves. */
export async function endLeases(redisUrl: string, partitions: number, leases: Iterable<string>): Promise<void> {
  const redis = openRedis(redisUrl, 'commands')
  defineScripts(redis)
  try {
    await ready(redis)
    const prefixes = Array.from({ length: partitions }, (_, p) => partitionPrefix(p, partitions))
    for (const lease of leases) {
      // A lease lives in one partition; in the others there is nothing to end.
      await Promise.all(prefixes.map((prefix) => new Partition(redis, prefix).leave(lease, true, MAX_FAILURES)))
    }
  } finally {
    redis.disconnect()
  }
}
