/**
 * What a process that is no worker asks of the runtime: ring actors, wait for the result of a command, and read the gauges.
 * Gauges are reads of the structures themselves; there is no second copy that could drift.
 */
import type { Address } from './address.ts'
import { Doorbells } from './doorbells.ts'
import { Inspector } from './inspector.ts'
import { READY_LIMIT } from './limits.ts'
import { partitionOf, partitionPrefix } from './partitions.ts'
import { openRedis } from './redis.ts'
import { Replies } from './replies.ts'
import { defineScripts, Partition, type PartitionGauges } from './scripts.ts'
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
  /** For operators. */
  readonly inspector: Inspector
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
  const parts = Array.from({ length: partitions }, (_, p) => new Partition(redis, partitionPrefix(p, partitions)))
  let overloaded = false

  async function gauges(): Promise<Gauges> {
    const all = await Promise.all(parts.map((partition) => partition.gauges(kinds)))
    const sum = (pick: (of: PartitionGauges) => number) => all.reduce((total, one) => total + pick(one), 0)
    return {
      ready: sum(({ ready }) => ready.reduce((a, b) => a + b, 0)),
      running: sum(({ running }) => running),
      scheduled: sum(({ alarms, resting }) => alarms + resting),
      parked: sum(({ parked }) => parked),
      // A worker holds one lease in every partition.
      workers: Math.max(...all.map(({ leases }) => leases)),
    }
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
      const partition = parts[partitionOf(address, partitions)] as Partition
      try {
        const [{ leases }, parked] = await Promise.all([
          partition.gauges([]),
          redis.zscore(`${partition.prefix}parked`, address),
        ])
        return leases > 0 && parked === null
      } catch {
        return false
      }
    },
    gauges,
    get overloaded() {
      return overloaded
    },
    inspector: new Inspector(redis, partitions, kinds),
    replyTo: replies.key,
    close: async () => {
      clearInterval(watch)
      await doorbells.drain()
      replies.close()
      redis.disconnect()
    },
  }
}
