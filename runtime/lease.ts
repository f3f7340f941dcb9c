/**
 * A worker's claim to be alive, in one partition. It holds until the *send* time of the last answered turn plus the lease, less
 * a margin - by the larger of monotonic and wall-clock time, because a suspended machine may stop either of them.
 */
import { randomBytes } from 'node:crypto'
import { monotonicMs, wallMs } from './clock.ts'
import { LEASE_MARGIN_MS } from './limits.ts'

export interface SentAt {
  monotonic: number
  wall: number
}

export function sentNow(): SentAt {
  return { monotonic: monotonicMs(), wall: wallMs() }
}

export class Lease {
  readonly id: string
  readonly ms: number
  readonly #onLost = new Set<() => void>()
  #lost = false
  #turn = 0
  #renewed: SentAt

  /** `name` says whose it is; the rest makes it unique for ever. */
  constructor(name: string, ms: number) {
    this.id = `${name}-${randomBytes(6).toString('hex')}`
    this.ms = ms
    this.#renewed = { monotonic: Number.NEGATIVE_INFINITY, wall: Number.NEGATIVE_INFINITY }
  }

  /** True once it was given up; it never comes back. */
  get lost(): boolean {
    return this.#lost
  }

  nextTurn(): number {
    return ++this.#turn
  }

  /** The fencing token of claims made by turn number `turn`. */
  token(turn: number): string {
    return `${this.id}:${turn}`
  }

  renew(sent: SentAt): void {
    this.#renewed = sent
  }

  lose(): void {
    this.#lost = true
    for (const tell of this.#onLost) tell()
    this.#onLost.clear()
  }

  /** Calls back when it is lost; at once, if it is lost already. Call what is returned to be left alone. */
  whenLost(tell: () => void): () => void {
    if (this.#lost) tell()
    else this.#onLost.add(tell)
    return () => this.#onLost.delete(tell)
  }

  /** ms that this worker may still be seen by the outside world; 0 or less: not any more. */
  get leftMs(): number {
    if (this.#lost) return 0
    const elapsed = Math.max(monotonicMs() - this.#renewed.monotonic, wallMs() - this.#renewed.wall)
    return this.ms - LEASE_MARGIN_MS - elapsed
  }
}
