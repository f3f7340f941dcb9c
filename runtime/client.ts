/**
 * What a process that is no worker asks of the runtime: ring actors, wait for the result of a command, and read the gauges.
 * Gauges are reads of the structures themselves; there is no second copy that could drift.
 */
import type { Address } from './address.ts'
import { wallMs } from './clock.ts'
import { Doorbells } from './doorbells.ts'
import { READY_LIMIT } from './limits.ts'
import { partitionOf, partitionPrefix } from './partitions.ts'
import { openRedis } from './redis.ts'
import { Replies } from './replies.ts'
import { defineScripts } from './scripts.ts'
import type { Storage } from './storage.ts'

export interface Gauges {
  /** Actors with work that no worker has yet. */
  ready: number
  /** Actors in a worker's hands. */
  running: number
  /** Actors with an alarm set, or backing off. */
  scheduled: number
  parked: number
  /** Leases that are alive. */
  workers: number
}

export interface RuntimeClient {
  /** Rings actors, grouped, best effort; never throws. `cause` shows in the mailbox what rang. */
  send(addresses: Address[], cause?: string): void
  /** A command's result; undefined when it is undecided after `timeoutMs`. */
  ask(address: Address, seq: number, timeoutMs: number): Promise<unknown | undefined>
  /** True when a command to this actor can be answered soon: Redis answers, a worker lives, and the actor is not parked. */
  canAsk(address: Address): Promise<boolean>
  /** Throws when Redis is away. */
  gauges(): Promise<Gauges>
  /** More is ready than workers will carry in reasonable time: refuse new work before it is written. */
  readonly overloaded: boolean
  /** Goes with a command, so that its actor knows whom to tell. */
  readonly replyTo: string
  close(): Promise<void>
}

export interface ClientOptions {
  redisUrl: string
  partitions: number
  kinds: string[]
  storage: Storage
}

const GAUGES_EVERY_MS = 1000

/** Does not wait for Redis: payments are accepted without it. */
export function connectClient(options: ClientOptions): RuntimeClient {
  const { redisUrl, partitions, kinds, storage } = options
  const redis = openRedis(redisUrl, 'commands')
  defineScripts(redis)
  void redis.connect().catch(() => {})
  const doorbells = new Doorbells(redis, partitions)
  const replies = new Replies(redisUrl, storage)
  const prefixes = Array.from({ length: partitions }, (_, p) => partitionPrefix(p, partitions))
  let overloaded = false

  async function gauges(): Promise<Gauges> {
    const sum: Gauges = { ready: 0, running: 0, scheduled: 0, parked: 0, workers: 0 }
    await Promise.all(
      prefixes.map(async (prefix) => {
        const [running, due, rest, parked, workers, ...ready] = await Promise.all([
          redis.hlen(`${prefix}own`),
          redis.zcard(`${prefix}due`),
          redis.zcard(`${prefix}rest`),
          redis.zcard(`${prefix}parked`),
          redis.zcount(`${prefix}leases`, wallMs(), '+inf'),
          ...kinds.map((kind) => redis.zcard(`${prefix}ready:${kind}`)),
        ])
        sum.running += running
        sum.scheduled += due + rest
        sum.parked += parked
        // A worker holds one lease in every partition.
        sum.workers = Math.max(sum.workers, workers)
        sum.ready += ready.reduce((a, b) => a + b, 0)
      }),
    )
    return sum
  }

  const watch = setInterval(async () => {
    // Without Redis nothing can be known, and payments are accepted: the sweep will start them.
    overloaded = ((await gauges().catch(() => null))?.ready ?? 0) > READY_LIMIT
  }, GAUGES_EVERY_MS)
  watch.unref()

  return {
    send: (addresses, cause) => doorbells.ring(addresses, cause),
    ask: (address, seq, timeoutMs) => replies.ask(address, seq, timeoutMs),
    async canAsk(address) {
      const prefix = prefixes[partitionOf(address, partitions)] as string
      try {
        const [workers, parked] = await Promise.all([
          redis.zcount(`${prefix}leases`, wallMs(), '+inf'),
          redis.zscore(`${prefix}parked`, address),
        ])
        return workers > 0 && parked === null
      } catch {
        return false
      }
    },
    gauges,
    get overloaded() {
      return overloaded
    },
    replyTo: replies.key,
    close: async () => {
      clearInterval(watch)
      await doorbells.drain()
      replies.close()
      redis.disconnect()
    },
  }
}
