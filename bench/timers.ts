/** `timers`: how late a timer rings while a hundred thousand others wait, beside BullMQ's delayed jobs. */
import type { Bench } from './kit/bench.ts'
import { Child } from './kit/child.ts'
import { atMost, type Result, told } from './kit/results.ts'
import { percentile } from './kit/time.ts'
import type { TimersAsked } from './subjects/timers.ts'

/** Two hundred a second come due, once all are set. */
const ASKED: TimersAsked = { pending: 100_000, due: 2_000, fromMs: 6_000, spreadMs: 10_000 }

export async function timers({ servers, say }: Bench): Promise<Result[]> {
  const measure = async (file: string, redisUrl: string) => {
    await servers.redis.flushall()
    const process = await Child.start(file)
    const lateness = await process.call<number[]>('measure', redisUrl, ASKED)
    await process.end()
    const figures = { p50: percentile(lateness, 0.5), p99: percentile(lateness, 0.99), max: Math.max(...lateness) }
    say(
      `${file}: late by p50 ${figures.p50.toFixed(2)} ms, p99 ${figures.p99.toFixed(2)} ms, at most ${figures.max.toFixed(2)} ms`,
    )
    return figures
  }
  const ours = await measure('bench/subjects/timers.ts', servers.redisUrl(1))
  const peer = await measure('bench/peers/timers.ts', servers.redisUrl(2))
  await servers.redis.flushall()
  return [
    told({ name: 'timers-p50', unit: 'ms', ours: ours.p50, peer: peer.p50 }),
    atMost(15, { name: 'timers-p99', unit: 'ms', ours: ours.p99, peer: peer.p99 }),
    told({ name: 'timers-max', unit: 'ms', ours: ours.max, peer: peer.max }),
  ]
}
