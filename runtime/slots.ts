/**
 * How many turns of each kind this process has under way, over all its partitions. Each kind has slots of its own, so that
 * payments never wait behind slow receivers.
 */
import { CLAIMS_A_TURN } from './limits.ts'

export class Slots {
  readonly #free = new Map<string, number>()

  constructor(kinds: { kind: string; slots: number }[]) {
    for (const { kind, slots } of kinds) this.#free.set(kind, slots)
  }

  free(kind: string): number {
    return this.#free.get(kind) ?? 0
  }

  /** Takes up to `share` of what is free in every kind, for one turn's claims. Give back what was not used. */
  reserve(share: number): Record<string, number> {
    const reserved: Record<string, number> = {}
    for (const [kind, free] of this.#free) {
      const take = Math.min(CLAIMS_A_TURN, Math.ceil(free * share))
      this.#free.set(kind, free - take)
      reserved[kind] = take
    }
    return reserved
  }

  release(kind: string, count: number): void {
    this.#free.set(kind, this.free(kind) + count)
  }
}
