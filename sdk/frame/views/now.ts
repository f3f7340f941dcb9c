/** The time as a signal, for what counts down while it is on show. */
import { type Accessor, createSignal, onCleanup } from 'solid-js'

const EVERY_MS = 500

/** As performance.now(). */
export function createNow(): Accessor<number> {
  const [now, setNow] = createSignal(performance.now())
  const timer = setInterval(() => setNow(performance.now()), EVERY_MS)
  onCleanup(() => clearInterval(timer))
  return now
}

/** Seconds from `nowMs` to `atMs`, none below 0. To the nearest: a signal of the time is always a little old. */
export function secondsTo(atMs: number, nowMs: number): number {
  return Math.max(0, Math.round((atMs - nowMs) / 1000))
}
