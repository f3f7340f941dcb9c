/**
 * "Why is it not moving?" in one sentence. Redis says who has it, Postgres says what is due; where the two disagree, the sentence says
 * that, and what to do.
 */
import type { ActorInRedis } from '../../runtime/inspector.ts'
import type { ActorInPostgres } from './truth.ts'

/** `redis` null: it does not answer. */
export function whyNotMoving(truth: ActorInPostgres, redis: ActorInRedis | null): string {
  const owed = truth.overdueMs === null ? '' : `, owed a turn for ${time(truth.overdueMs)}`
  if (redis === null) return `Redis does not answer${owed}: it goes on by itself once Redis is back`
  const { owner, position, restsForMs, triedAgainInMs, failures } = redis
  if (owner) {
    return owner.leftMs > 0
      ? `claimed by worker ${owner.lease}, lease ${time(owner.leftMs)} left`
      : `claimed by worker ${owner.lease}, whose lease ended ${time(-owner.leftMs)} ago: the next turn of any worker frees it`
  }
  if (position) {
    return `ready, position ${position.place} of ${position.of}, waiting ${time(truth.overdueMs ?? 0)}`
  }
  if (restsForMs !== null) {
    const after = failures > 0 ? ` after ${failures} ${failures === 1 ? 'failure' : 'failures'} in a row` : ''
    return `resting for another ${time(Math.max(0, restsForMs))}${after}${lastError(truth)}`
  }
  if (triedAgainInMs !== null) {
    return `parked after ${failures} failures${lastError(truth)}; tried again in ${time(Math.max(0, triedAgainInMs))}`
  }
  if (truth.overdueMs !== null) return `overdue in Postgres for ${time(truth.overdueMs)} and unknown to Redis: nudge it`
  const [next] = Object.entries(truth.timers).sort(([, a], [, b]) => a - b)
  return next ? `idle, next timer ${next[0]} in ${time(next[1])}` : 'idle, and nothing is due: it has come to its end'
}

function lastError({ journal }: ActorInPostgres): string {
  const failed = journal.find(({ error }) => error !== undefined)
  return failed ? `, last error: ${failed.error}` : ''
}

/** `1.2 s`, `3 min 20 s`, `2 h 5 min`. */
function time(ms: number): string {
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 60) return `${minutes} min ${Math.floor((ms % 60_000) / 1000)} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
