/**
 * Groups form by themselves: while one group is on the wire, whatever arrives waits, and the next call takes it all.
 * Idle, an item travels alone and at once; under load a round trip carries hundreds. Nothing waits for a timer.
 */
interface Waiting<Item, Result> {
  item: Item
  resolve(result: Result): void
  reject(error: unknown): void
}

export interface BatcherOptions {
  /** Items in one call at most. */
  max: number
  /** Calls under way at once. */
  concurrency: number
  /** Items waiting at most; beyond it `add` throws Overloaded. */
  limit: number
}

export class Batcher<Item, Result> {
  readonly #run: (items: Item[]) => Promise<Result[]>
  readonly #options: BatcherOptions
  #waiting: Waiting<Item, Result>[] = []
  #underWay = 0

  /** `run` answers one result an item, in order; when it throws, every item of that call gets the error. */
  constructor(run: (items: Item[]) => Promise<Result[]>, options: BatcherOptions) {
    this.#run = run
    this.#options = options
  }

  /** Items that wait; those on the wire are not counted. */
  get size(): number {
    return this.#waiting.length
  }

  add(item: Item): Promise<Result> {
    if (this.#waiting.length >= this.#options.limit) {
      return Promise.reject(new Overloaded(`${this.#options.limit} are waiting already`))
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject })
      // A microtask later, so that everything this tick adds travels together.
      if (this.#waiting.length === 1) queueMicrotask(() => this.#pump())
    })
  }

  #pump(): void {
    while (this.#waiting.length > 0 && this.#underWay < this.#options.concurrency) {
      const group = this.#waiting.splice(0, this.#options.max)
      this.#underWay++
      void this.#carry(group)
    }
  }

  async #carry(group: Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.#run(group.map((waiting) => waiting.item))
      if (results.length !== group.length) throw new Error(`${results.length} results for ${group.length} items`)
      group.forEach((waiting, index) => {
        waiting.resolve(results[index] as Result)
      })
    } catch (error) {
      for (const waiting of group) waiting.reject(error)
    } finally {
      this.#underWay--
      this.#pump()
    }
  }
}

/** More is waiting than may wait: the caller should be told to come back, before anything is written. */
export class Overloaded extends Error {
  override name = 'Overloaded'
}
