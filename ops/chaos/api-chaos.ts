/** What the API of a demo can break, and how. */
import type { Chaos } from '../../api/routes/chaos.ts'
import { nodesOf, type RedisConnection } from '../../runtime/redis.ts'
import { sendOrder } from './orders.ts'

export function apiChaos(redis: RedisConnection): Chaos {
  return {
    killWorker: (worker) => sendOrder(redis, { action: 'kill', worker }),
    pauseWorker: (worker, ms) => sendOrder(redis, { action: 'pause', worker, ms }),
    stopBank: (ms) => sendOrder(redis, { action: 'stop-bank', ms }),
    async flushRedis() {
      await Promise.all(nodesOf(redis).map((node) => node.flushdb()))
    },
  }
}
