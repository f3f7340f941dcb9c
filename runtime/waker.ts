/**
 * Waits for a wake token, on a connection of its own: a BLPOP beside commands would hold them up, and one Cluster client
 * serialises its BLPOPs. It is armed only for kinds that have free slots; a saturated worker that went on taking tokens would spin.
 */
import { monotonicMs } from './clock.ts'
import { WAKE_WAIT_S } from './limits.ts'
import type { RedisConnection } from './redis.ts'

const REOPEN_MS = 200
/** For only some of the kinds: a slot of another kind may be free any moment, and nobody would listen for its tokens until then. */
const PARTIAL_WAIT_S = 0.1

export class Waker {
  readonly #redis: RedisConnection
  readonly #prefix: string
  readonly #onWake: () => void
  #armed = false
  #closed = false

  constructor(redis: RedisConnection, prefix: string, onWake: () => void) {
    this.#redis = redis
    this.#prefix = prefix
    this.#onWake = onWake
  }

  /** Calls back once: on a token, after five seconds without one, or when the connection fails. `all`: these are all kinds there are. */
  arm(kinds: string[], all: boolean): void {
    if (this.#armed || this.#closed || kinds.length === 0) return
    this.#armed = true
    void this.#wait(kinds, all ? WAKE_WAIT_S : PARTIAL_WAIT_S)
  }

  async #wait(kinds: string[], seconds: number): Promise<void> {
    const started = monotonicMs()
    try {
      await this.#redis.blpop(...kinds.map((kind) => `${this.#prefix}wake:${kind}`), seconds)
    } catch {
      // UNBLOCKED, MOVED, or no connection: the client reconnects by itself. A turn looks instead, but not in a tight loop.
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, REOPEN_MS - (monotonicMs() - started))))
    }
    this.#armed = false
    if (!this.#closed) this.#onWake()
  }

  close(): void {
    this.#closed = true
    this.#redis.disconnect()
  }
}
