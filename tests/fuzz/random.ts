/** Chance that can be had again: the same seed makes the same choices, so whatever a fuzz finds can be found twice. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = (seed * 2654435761) >>> 0 || 1
  }

  /** [0, 1) */
  next(): number {
    let s = this.#state
    s = (s ^ (s << 13)) >>> 0
    s = (s ^ (s >>> 17)) >>> 0
    s = (s ^ (s << 5)) >>> 0
    this.#state = s
    return s / 2 ** 32
  }

  /** 0 to n - 1 */
  below(n: number): number {
    return Math.floor(this.next() * n)
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  of<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T
  }
}
