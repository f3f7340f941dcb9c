/**
 * A walk over those who are owed a turn in a stretch of time, oldest first, in pages: whoever nobody in Redis is responsible for is
 * nudged. It can stop after any page and go on later, so that rows which stay overdue for a reason (in flight, resting, parked) never
 * hide the ones behind them.
 */
import { monotonicMs } from './clock.ts'
import { partitionOf } from './partitions.ts'
import type { Partition } from './scripts.ts'
import type { Owed, Storage } from './storage.ts'

const PAGE = 1000
const NUDGED_AT_ONCE = 250

/** By this process's monotonic clock, ms. */
export interface Stretch {
  /** null: from the oldest on. */
  fromAt: number | null
  toAt: number
}

export class Walk {
  readonly #storage: Storage
  readonly #partitions: Partition[]
  readonly #stretch: Stretch
  #after: string | null = null
  /** When the oldest of those seen so far was due; null: nobody was seen. */
  oldestAt: number | null = null
  ended = false
  seen = 0
  /** Actors that had been lost, and are ready again. */
  healed = 0

  constructor(storage: Storage, partitions: Partition[], stretch: Stretch) {
    this.#storage = storage
    this.#partitions = partitions
    this.#stretch = stretch
  }

  /** One page. Throws when the store or Redis is away; the same page may be tried again. */
  async step(): Promise<void> {
    const { fromAt, toAt } = this.#stretch
    const now = monotonicMs()
    const { owed, next } = await this.#storage.owed({
      fromMs: fromAt === null ? null : fromAt - now,
      toMs: toAt - now,
      after: this.#after,
      limit: PAGE,
    })
    await this.#nudge(owed)
    for (const { inMs } of owed) this.oldestAt = Math.min(this.oldestAt ?? Number.POSITIVE_INFINITY, now + inMs)
    this.seen += owed.length
    this.#after = next
    this.ended = next === null
  }

  async #nudge(owed: Owed[]): Promise<void> {
    const count = this.#partitions.length
    for (const [p, all] of Map.groupBy(owed, ({ address }) => partitionOf(address, count))) {
      for (let i = 0; i < all.length; i += NUDGED_AT_ONCE) {
        const digits = await (this.#partitions[p] as Partition).nudge(all.slice(i, i + NUDGED_AT_ONCE))
        this.healed += digits.replace(/[03]/g, '').length
      }
    }
  }
}
