/**
 * When a webhook that failed is tried again. The gateway's own schedules are exact, because receivers and their tests
 * count on them; only a list that a merchant chose is spread, so that a receiver coming back is not met by everything
 * at once.
 */

export interface Schedule {
  /** Seconds from one attempt to the next; one attempt more than there are entries. */
  intervals: readonly number[]
  /** By how much of itself an interval may grow: 0 is exact, 0.2 is up to a fifth later. Never earlier. */
  spread: number
}

const MINUTE = 60
const HOUR = 3_600

/** Five attempts in about two and a half hours. */
export const STANDARD_SCHEDULE: Schedule = { intervals: [60, 300, 1800, 7200], spread: 0 }

/** Five attempts within a minute, for WEBHOOK_RETRY_INTERVALS_TEST. */
export const TEST_SCHEDULE: Schedule = { intervals: [5, 10, 15, 20], spread: 0 }

/** Ten attempts in three days, for receivers that may be away over a weekend: what Standard Webhooks recommends. */
export const INTERVALS_75_HOURS: readonly number[] = [
  ...[5, 5 * MINUTE, 30 * MINUTE],
  ...[2, 5, 10, 14, 20, 24].map((hours) => hours * HOUR),
]

/** An endpoint's schedule: its own list (seconds) when the merchant chose one, else the gateway's. */
export function scheduleOf(endpoint: { retryIntervals: readonly number[] | null }, gateway: Schedule): Schedule {
  return endpoint.retryIntervals === null ? gateway : { intervals: endpoint.retryIntervals, spread: 0.2 }
}

/**
 * How long to wait, ms, after attempt number `attempts` (from 1) has failed; null when it was the last.
 * `random` answers a number in [0, 1).
 */
export function nextDelayMs(attempts: number, schedule: Schedule, random: () => number): number | null {
  const seconds = schedule.intervals[attempts - 1]
  if (seconds === undefined) return null
  return Math.round(seconds * 1000 * (1 + schedule.spread * random()))
}
