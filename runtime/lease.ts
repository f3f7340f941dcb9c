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
  readonly #abort = new AbortController()
  #turn = 0
  #renewed: SentAt

  /** `name` says whose it is; the rest makes it unique for ever. */
  constructor(name: string, ms: number) {
    this.id = `${name}-${randomBytes(6).toString('hex')}`
    this.ms = ms
    this.#renewed = { monotonic: Number.NEGATIVE_INFINITY, wall: Number.NEGATIVE_INFINITY }
  }

  /** Aborted when the lease is lost. */
  get signal(): AbortSignal {
    return this.#abort.signal
  }

  /** Number of the turn that is being sent or was sent last. */
  get turn(): number {
    return this.#turn
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
    this.#abort.abort()
  }

  /** ms that this worker may still be seen by the outside world; 0 or less: not any more. */
  get leftMs(): number {
    if (this.#abort.signal.aborted) return 0
    const now = sentNow()
    const elapsed = Math.max(now.monotonic - this.#renewed.monotonic, now.wall - this.#renewed.wall)
    return this.ms - LEASE_MARGIN_MS - elapsed
  }
}
