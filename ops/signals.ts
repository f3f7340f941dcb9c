/**
 * How a process is asked to stop. One Ctrl-C arrives twice, from the terminal and from npm, milliseconds apart, so
 * what follows within a second is the same wish; a later one is from somebody who will not wait.
 */
import { monotonicMs } from '../runtime/clock.ts'

const SAME_WISH_MS = 1_000

/** Calls `stop` for the first signal, and `hurry` for each that comes more than a second after it. */
export function onStopSignals(stop: (signal: NodeJS.Signals) => void, hurry: () => void): void {
  let first: number | null = null
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (first === null) {
        first = monotonicMs()
        stop(signal)
      } else if (monotonicMs() - first > SAME_WISH_MS) {
        hurry()
      }
    })
  }
}
