/**
 * Waits for results of commands. The result stands in the store, written by the actor's commit; a doorbell on this process's
 * reply list says "look now". A poll every quarter of a second stands behind it, so a doorbell that is lost costs no more than that.
 */
import { randomBytes } from 'node:crypto'
import type { Address } from './address.ts'
import { openRedis, type RedisConnection } from './redis.ts'
import { Signal } from './signal.ts'
import type { Storage } from './storage.ts'

interface Asked {
  address: Address
  seq: number
  resolve(result: unknown): void
}

const POLL_MS = 250
const DOORBELL_WAIT_S = 5
const REOPEN_MS = 200
/** Commands looked up by one statement. */
const LOOKED_UP = 500

export class Replies {
  /** The list that hears of results for this process; its tag keeps it in one slot. */
  readonly key = `{api:${randomBytes(8).toString('hex')}}:replies`
  readonly #redis: RedisConnection
  readonly #storage: Storage
  readonly #asked = new Map<string, Asked[]>()
  readonly #signal = new Signal()
  #closed = false

  constructor(redisUrl: string, storage: Storage) {
    this.#redis = openRedis(redisUrl, 'blocking')
    this.#storage = storage
    void this.#redis.connect().catch(() => {})
    void this.#listen()
    void this.#poll()
  }

  /** The command's result; undefined when it is undecided after `timeoutMs`. */
  async ask(address: Address, seq: number, timeoutMs: number): Promise<unknown | undefined> {
    const key = `${address} ${seq}`
    let asked: Asked | undefined
    let timer: NodeJS.Timeout | undefined
    try {
      return await new Promise<unknown>((resolve) => {
        asked = { address, seq, resolve }
        this.#asked.set(key, [...(this.#asked.get(key) ?? []), asked])
        timer = setTimeout(() => resolve(undefined), timeoutMs)
        // It may have been decided before anybody asked: a repeat under an idempotency key, or a fast worker.
        this.#signal.notify()
      })
    } finally {
      clearTimeout(timer)
      const others = (this.#asked.get(key) ?? []).filter((other) => other !== asked)
      if (others.length > 0) this.#asked.set(key, others)
      else this.#asked.delete(key)
    }
  }

  close(): void {
    this.#closed = true
    this.#redis.disconnect()
    this.#signal.notify()
  }

  async #listen(): Promise<void> {
    while (!this.#closed) {
      try {
        const doorbell = await this.#redis.blpop(this.key, DOORBELL_WAIT_S)
        if (doorbell && this.#asked.has(doorbell[1])) this.#signal.notify()
      } catch {
        await new Promise((resolve) => setTimeout(resolve, REOPEN_MS))
      }
    }
  }

  async #poll(): Promise<void> {
    while (!this.#closed) {
      await this.#signal.wait(this.#asked.size > 0 ? POLL_MS : 60_000)
      const commands = [...this.#asked.values()].map(([first]) => first as Asked).slice(0, LOOKED_UP)
      if (commands.length === 0) continue
      try {
        for (const { address, seq, result } of await this.#storage.answers(commands)) {
          for (const { resolve } of this.#asked.get(`${address} ${seq}`) ?? []) resolve(result)
        }
      } catch {
        // The store is away: whoever asks runs into the timeout, and is told that nothing is decided yet.
        await new Promise((resolve) => setTimeout(resolve, POLL_MS))
      }
    }
  }
}
