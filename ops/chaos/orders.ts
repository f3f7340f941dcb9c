/**
 * Chaos on request, for the demo: orders that break something on purpose, so that one can watch the gateway recover. The API sends them
 * on a Redis channel and workers carry them out on themselves, so it is the same under npm start and in containers.
 *
 * This stands only in demo mode. The chaos suite in tests/ kills from the outside, where nothing can be prepared for it.
 */
import type { RedisConnection } from '../../runtime/redis.ts'

export type ChaosOrder =
  /** The worker ends at once, with everything it has in hand. */
  | { action: 'kill'; worker: string }
  /** The worker stands still, longer than its lease if `ms` says so. */
  | { action: 'pause'; worker: string; ms: number }
  /** No worker reaches the bank. */
  | { action: 'stop-bank'; ms: number }

const CHANNEL = 'gateway:chaos'

/** Answers how many workers heard it. Throws when Redis is away. */
export async function sendOrder(redis: RedisConnection, order: ChaosOrder): Promise<number> {
  return await redis.publish(CHANNEL, JSON.stringify(order))
}

/** Calls back with every order; `redis` is a connection of its own, which can do nothing else meanwhile. */
export async function hearOrders(redis: RedisConnection, obey: (order: ChaosOrder) => void): Promise<void> {
  redis.on('message', (_channel: string, text: string) => obey(JSON.parse(text) as ChaosOrder))
  await redis.subscribe(CHANNEL)
}
