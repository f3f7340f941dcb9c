/**
 * The one place that reads time.
 *
 * A turn has one clock: the store's `now` as it was loaded, plus monotonic time since. Postgres decides what is
 * due and Redis is only ever told durations, so no two machines need to agree on what time it is.
 */

/** Milliseconds that only ever grow, for durations inside this process. */
export function monotonicMs(): number {
  return performance.now()
}

/** This machine's wall clock, ms since the epoch: for logs and for what is shown to people, never for what is due. */
export function wallMs(): number {
  return Date.now()
}

/** A clock that was read elsewhere and runs on here: `startMs` is what it said when this was called. */
export function clockFrom(startMs: number): () => number {
  const since = monotonicMs()
  return () => startMs + (monotonicMs() - since)
}
