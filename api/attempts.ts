/**
 * Counts wrong tries, so that nobody can guess on: after a few of them a name has to wait, right or wrong. In this process's memory, because
 * a guesser who finds a second process gains a factor and not a way in.
 */
import { monotonicMs } from '../actors/index.ts'

const WRONG_TRIES = 5
const WAIT_MS = 60_000
/** Names counted at once; beyond it the oldest are forgotten. */
const MAX_NAMES = 10_000

export class Attempts {
  readonly #wrong = new Map<string, { times: number; untilMs: number }>()

  /** Seconds that the name has to wait before its next try; 0: none. */
  waitSeconds(name: string): number {
    const wrong = this.#wrong.get(name)
    if (!wrong || wrong.times < WRONG_TRIES) return 0
    return Math.max(0, Math.ceil((wrong.untilMs - monotonicMs()) / 1_000))
  }

  failed(name: string): void {
    const before = this.#wrong.get(name)
    const times = before && before.untilMs > monotonicMs() ? before.times + 1 : 1
    this.#wrong.delete(name)
    this.#wrong.set(name, { times, untilMs: monotonicMs() + WAIT_MS })
    const [oldest] = this.#wrong.keys()
    if (this.#wrong.size > MAX_NAMES && oldest !== undefined) this.#wrong.delete(oldest)
  }

  succeeded(name: string): void {
    this.#wrong.delete(name)
  }
}
