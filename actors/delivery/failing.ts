/**
 * When an endpoint has failed for so long that it is disabled: five days without one 2xx, in which failures never were far apart.
 * Without the second half an endpoint with one event a week would be disabled at its second failure.
 *
 * Written down is only what changes: that it began to fail, that it still does once an hour, that it recovered. An attempt at
 * an endpoint in good health, which is nearly every one, writes nothing.
 */
import type { Endpoint, Finding } from './state.ts'

const HOUR_MS = 3_600_000
export const DISABLED_AFTER_MS = 5 * 24 * HOUR_MS
/** Longer than any interval of the schedule for three days, spread and all. */
const LONGEST_GAP_MS = 36 * HOUR_MS
const NOTED_EVERY_MS = HOUR_MS

/** What a failure at `atMs` says of an endpoint with this record; null: nothing new. */
export function afterFailure(failing: Endpoint['failing'], atMs: number): Finding | null {
  if (!failing || atMs - failing.lastMs > LONGEST_GAP_MS) return 'failing'
  if (atMs - failing.sinceMs >= DISABLED_AFTER_MS) return 'failed for days'
  return atMs - failing.lastMs >= NOTED_EVERY_MS ? 'still failing' : null
}

export function afterSuccess(failing: Endpoint['failing']): Finding | null {
  return failing ? 'recovered' : null
}
