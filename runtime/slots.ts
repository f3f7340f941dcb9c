/**
 * How many turns of each kind this process has under way, over all its partitions. Each kind has slots of its own, so that
 * payments never wait behind slow receivers.
 */
export class Slots {
  readonly #free = new Map<string, number>()
  readonly #all = new Map<string, number>()
  readonly #onFreed: () => void

  /** `onFreed` is called when a kind has a free slot where it had none: whoever was left without may ask again. */
  constructor(kinds: { kind: string; slots: number }[], onFreed: () => void) {
    for (const { kind, slots } of kinds) {
      this.#free.set(kind, slots)
      this.#all.set(kind, slots)
    }
    this.#onFreed = onFreed
  }

  get kinds(): string[] {
    return [...this.#free.keys()]
  }

  free(kind: string): number {
    return this.#free.get(kind) ?? 0
  }

  /** Enough for claims of their own: a quarter. */
  manyFree(kind: string): boolean {
    return this.free(kind) * 4 >= (this.#all.get(kind) ?? 0)
  }

  /** Takes up to `share` of what is free in every kind, and at most `max` of each, for one turn's claims. Give back what was not used. */
  reserve(share: number, max: number): Record<string, number> {
    const reserved: Record<string, number> = {}
    for (const [kind, free] of this.#free) {
      const take = Math.min(max, Math.ceil(free * share))
      this.#free.set(kind, free - take)
      reserved[kind] = take
    }
    return reserved
  }

  release(kind: string, count: number): void {
    if (count <= 0) return
    const free = this.free(kind)
    this.#free.set(kind, free + count)
    if (free === 0) this.#onFreed()
  }
}
