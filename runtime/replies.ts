/**
 * Waits for results of commands. The result stands in the store, written by the actor's commit; a doorbell on this process's
 * reply list says "look now". A poll every quarter of a second stands behind it, so a doorbell that is lost costs no more than that.
 */
import { randomBytes } from 'node:crypto'
import type { Address } from './address.ts'
import { monotonicMs } from './clock.ts'
import { openRedis, type RedisConnection } from './redis.ts'
import { Signal } from './signal.ts'
import type { Storage } from './storage.ts'

/** A command, and everybody who waits for its result. */
interface Asked {
  address: Address
  seq: number
  waiting: Set<(result: unknown) => void>
}

const POLL_MS = 250
const DOORBELL_WAIT_S = 5
const DOORBELLS_A_CALL = 200
const REOPEN_MS = 200
/** Commands looked up by one statement. */
const LOOKED_UP = 500

export class Replies {
  /** The list that hears of results for this process; its tag keeps it in one slot. */
  readonly key = `{api:${randomBytes(8).toString('hex')}}:replies`
  readonly #redis: RedisConnection
  readonly #storage: Storage
  readonly #asked = new Map<string, Asked>()
  /** To be looked up at once: asked just now, or rung. */
  #urgent = new Set<string>()
  readonly #signal = new Signal()
  #closed = false

  constructor(redisUrl: string, storage: Storage) {
    this.#redis = openRedis(redisUrl, 'blocking')
    this.#storage = storage
    void this.#redis.connect().catch(() => {})
    void this.#listen()
    void this.#lookUp()
  }

  /** The command's result; undefined when it is undecided after `timeoutMs`. */
  async ask(address: Address, seq: number, timeoutMs: number): Promise<unknown | undefined> {
    const key = `${address} ${seq}`
    const asked = this.#asked.get(key) ?? { address, seq, waiting: new Set() }
    this.#asked.set(key, asked)
    return await new Promise<unknown>((resolve) => {
      const answer = (result: unknown) => {
        clearTimeout(timer)
        asked.waiting.delete(answer)
        if (asked.waiting.size === 0) this.#asked.delete(key)
        resolve(result)
      }
      const timer = setTimeout(answer, timeoutMs, undefined)
      asked.waiting.add(answer)
      // It may have been decided before anybody asked: a repeat under an idempotency key, or a fast worker.
      this.#hurry(key)
    })
  }

  /** Whoever still waits is told that nothing is decided. */
  close(): void {
    this.#closed = true
    this.#redis.disconnect()
    this.#signal.notify()
    for (const { waiting } of [...this.#asked.values()]) for (const answer of [...waiting]) answer(undefined)
  }

  #hurry(key: string): void {
    this.#urgent.add(key)
    this.#signal.notify()
  }

  async #listen(): Promise<void> {
    while (!this.#closed) {
      try {
        const rung = await this.#redis.blmpop(DOORBELL_WAIT_S, 1, this.key, 'LEFT', 'COUNT', DOORBELLS_A_CALL)
        for (const key of rung?.[1] ?? []) if (this.#asked.has(key)) this.#hurry(key)
      } catch {
        // No connection: the client reconnects by itself, and the poll goes on meanwhile.
        await new Promise((resolve) => setTimeout(resolve, REOPEN_MS))
      }
    }
  }

  async #lookUp(): Promise<void> {
    let pollAt = monotonicMs()
    while (!this.#closed) {
      await this.#signal.wait(this.#asked.size > 0 ? Math.max(0, pollAt - monotonicMs()) : 60_000)
      const isPoll = monotonicMs() >= pollAt
      const keys = isPoll ? [...this.#asked.keys()] : [...this.#urgent]
      this.#urgent.clear()
      if (isPoll) pollAt = monotonicMs() + POLL_MS
      for (let i = 0; i < keys.length; i += LOOKED_UP) await this.#answer(keys.slice(i, i + LOOKED_UP))
    }
  }

  async #answer(keys: string[]): Promise<void> {
    const commands = keys.flatMap((key) => this.#asked.get(key) ?? [])
    if (commands.length === 0) return
    try {
      for (const { address, seq, result } of await this.#storage.answers(commands)) {
        const { waiting } = this.#asked.get(`${address} ${seq}`) ?? { waiting: [] }
        for (const answer of [...waiting]) answer(result)
      }
    } catch {
      // The store is away: whoever asks runs into the timeout, and is told that nothing is decided yet.
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    }
  }
}
