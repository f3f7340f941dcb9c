/**
 * A bounded cache of what is read over and over: the least recently used leaves first. One load a key is under way at a time,
 * however many wait for it, and an entry is loaded anew in the background once half its life is over: a key that is in use
 * never makes anybody wait.
 */
import { monotonicMs } from '../actors/index.ts'

interface Entry<Value> {
  value: Value
  loadedMs: number
  ttlMs: number
}

export interface CacheOptions {
  /** Entries at most. */
  max: number
  /** How long a value that took `tookMs` to load may be shown, ms; Infinity for what never changes. */
  ttlMs: (tookMs: number) => number
}

export class Cache<Value> {
  readonly #load: (key: string) => Promise<Value | null>
  readonly #options: CacheOptions
  readonly #entries = new Map<string, Entry<Value>>()
  readonly #loading = new Map<string, Promise<Value | null>>()

  /** `load` answers null for what does not exist; that is not kept, or strangers' guesses would push out what is in use. */
  constructor(load: (key: string) => Promise<Value | null>, options: CacheOptions) {
    this.#load = load
    this.#options = options
  }

  /** The value, at once when it is at hand. Rejects with what `load` throws. */
  async read(key: string): Promise<Value | null> {
    const entry = this.#entries.get(key)
    const age = entry ? monotonicMs() - entry.loadedMs : Number.POSITIVE_INFINITY
    if (!entry || age >= entry.ttlMs) return this.#loadOnce(key)
    this.#touch(key, entry)
    // Whoever reads it after its life is over hears of a load that failed; until then the value at hand is good.
    if (age >= entry.ttlMs / 2) this.#loadOnce(key).catch(() => undefined)
    return entry.value
  }

  /** The value if it is at hand, however old; loads nothing. */
  peek(key: string): Value | null {
    const entry = this.#entries.get(key)
    if (!entry) return null
    this.#touch(key, entry)
    return entry.value
  }

  forget(key: string): void {
    this.#entries.delete(key)
  }

  set(key: string, value: Value, tookMs = 0): void {
    this.#entries.delete(key)
    this.#entries.set(key, { value, loadedMs: monotonicMs(), ttlMs: this.#options.ttlMs(tookMs) })
    if (this.#entries.size <= this.#options.max) return
    const [oldest] = this.#entries.keys()
    if (oldest !== undefined) this.#entries.delete(oldest)
  }

  /** Re-inserting makes it the most recently used: a Map keeps the order of insertion. */
  #touch(key: string, entry: Entry<Value>): void {
    this.#entries.delete(key)
    this.#entries.set(key, entry)
  }

  #loadOnce(key: string): Promise<Value | null> {
    const underWay = this.#loading.get(key)
    if (underWay) return underWay
    const startedMs = monotonicMs()
    const load = this.#load(key)
      .then((value) => {
        if (value === null) this.#entries.delete(key)
        else this.set(key, value, monotonicMs() - startedMs)
        return value
      })
      .finally(() => this.#loading.delete(key))
    this.#loading.set(key, load)
    return load
  }
}
