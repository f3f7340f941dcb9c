/** Waits until nothing is under way any more, in Postgres and then in Redis. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { monotonicMs } from '../../runtime/clock.ts'
import type { Database } from '../../schema/database.ts'

const OPEN = `select (select count(*) from payments where wake_at is not null)::int as payments,
  (select count(*) from webhook_deliveries where wake_at is not null)::int as deliveries,
  (select count(*) from inbox where handled_at is null)::int as commands`
const LOOK_EVERY_MS = 250

/** Answers what is still open after `limitMs`; null: nothing. */
export async function untilNothingIsOpen(database: Database, limitMs: number): Promise<object | null> {
  const deadline = monotonicMs() + limitMs
  for (;;) {
    const [open] = await database.run<Record<string, number>>({ name: '', text: OPEN }, [])
    if (Object.values(open ?? {}).every((count) => count === 0)) return null
    if (monotonicMs() > deadline) return open ?? null
    await sleep(LOOK_EVERY_MS)
  }
}

/**
 * What a resting Redis holds: the epoch, who leads the sweep, the leases of those who live, counters and figures, and how endpoints are doing.
 * Everything else belongs to an actor, and there is none with anything to do.
 */
const AT_REST = /^\{0\}:(epoch|sweeper|leases|turn|cnt|gate:.+)$|^metrics:|^log:/

/** Keys that are left after `limitMs` and are not `expected`. */
export async function leftInRedis(redis: Redis, expected: string[], limitMs: number): Promise<string[]> {
  const deadline = monotonicMs() + limitMs
  for (;;) {
    const left = (await redis.keys('*')).filter((key) => !AT_REST.test(key) && !expected.includes(key)).sort()
    if (left.length === 0 || monotonicMs() > deadline) return left
    await sleep(LOOK_EVERY_MS)
  }
}
