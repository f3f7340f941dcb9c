/**
 * While the store is away, claiming is pointless: nothing can be loaded. So a worker claims nothing for a while, then one actor of each
 * kind to see whether the store is back, and all again once it is.
 */
import { monotonicMs } from './clock.ts'
import { CLAIMS_A_TURN } from './limits.ts'

const PAUSE_MS = 500

export class StoreOutage {
  #over = true
  #until = 0

  begin(): void {
    this.#over = false
    this.#until = monotonicMs() + PAUSE_MS
  }

  /** Somebody is trying the store: while it lasts, everybody else waits for what comes of it. */
  look(): void {
    if (!this.#over) this.#until = monotonicMs() + PAUSE_MS
  }

  /** The store has answered. */
  end(): void {
    this.#over = true
  }

  /** ms until somebody may look again; 0 or less: now. */
  get pauseMs(): number {
    return this.#over ? 0 : this.#until - monotonicMs()
  }

  /** How many actors of a kind a turn may claim. */
  get limit(): number {
    if (this.#over) return CLAIMS_A_TURN
    return this.pauseMs > 0 ? 0 : 1
  }
}
