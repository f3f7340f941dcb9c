/**
 * A worker process:
 *
 *  1. one loop a partition, all sharing the process's slots, its committers and its connection for commands;
 *  2. one blocking connection a partition;
 *  3. claims half as much while its event loop is late, because a worker that can't keep up loses its leases;
 *  4. drains on request: claims nothing more, finishes or aborts what is under way, acks, leaves.
 */
import { hostname } from 'node:os'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { ActorDefinition } from './actor.ts'
import type { Address } from './address.ts'
import { Committer } from './committer.ts'
import { Doorbells } from './doorbells.ts'
import { LEASE_MS } from './limits.ts'
import { PartitionLoop } from './loop.ts'
import { partitionPrefix } from './partitions.ts'
import { openRedis, type RedisConnection, ready } from './redis.ts'
import { defineScripts } from './scripts.ts'
import { Slots } from './slots.ts'

export interface WorkerOptions {
  redisUrl: string
  partitions: number
  actors: ActorDefinition[]
  leaseMs?: number
  /** The script text by name, for tests that break one on purpose. */
  scriptText?: (name: string) => string
  /** Leases taken and given up, so that a supervisor can end them for a worker that died. */
  onLease?: (leases: { gone: string | null; taken: string | null }) => void
  onError: (error: unknown, what: string) => void
}

export interface Worker {
  readonly name: string
  /** Turns under way. */
  readonly underWay: number
  drain(graceMs?: number): Promise<void>
}

const DRAIN_MS = 20_000
const LATE_LOOP_MS = 500
const REPLY_TTL_S = 10

/** Throws when Redis can't be reached. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const name = `${hostname()}-${process.pid}`
  const commands = openRedis(options.redisUrl, 'commands')
  defineScripts(commands, options.scriptText)
  await ready(commands)
  const doorbells = new Doorbells(commands, options.partitions)
  const slots = new Slots(options.actors)
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  const loops: PartitionLoop[] = []
  const shared = {
    worker: name,
    commands,
    leaseMs: options.leaseMs ?? LEASE_MS,
    actors: new Map(options.actors.map((actor) => [actor.kind, actor])),
    committers: new Map(options.actors.map((actor) => [actor.kind, new Committer(actor.store)])),
    slots,
    share: () => (delay.percentile(99) / 1e6 > LATE_LOOP_MS ? 0.5 : 1),
    onFreed: () => {
      if (loops.length > 1) for (const loop of loops) loop.poke()
    },
    onLease: options.onLease ?? (() => {}),
    ring: (addresses: Address[]) => doorbells.ring(addresses),
    reply: (replyTo: string, address: Address, seq: number) => reply(commands, replyTo, address, seq),
    onError: options.onError,
  }
  for (let p = 0; p < options.partitions; p++) {
    const blocking = openRedis(options.redisUrl, 'blocking')
    await ready(blocking)
    loops.push(new PartitionLoop({ ...shared, prefix: partitionPrefix(p, options.partitions), blocking }))
  }
  const forget = setInterval(() => delay.reset(), 10_000)
  forget.unref()
  for (const loop of loops) loop.start()
  return {
    name,
    get underWay() {
      return loops.reduce((sum, loop) => sum + loop.underWay, 0)
    },
    drain: async (graceMs = DRAIN_MS) => {
      await Promise.all(loops.map((loop) => loop.drain(graceMs)))
      await doorbells.drain()
      clearInterval(forget)
      delay.disable()
      commands.disconnect()
    },
  }
}

/** A doorbell to whoever waits for a command's result; the result itself stands in the store, which the waiter also polls. */
function reply(commands: RedisConnection, replyTo: string, address: Address, seq: number): void {
  commands
    .multi()
    .rpush(replyTo, `${address} ${seq}`)
    .expire(replyTo, REPLY_TTL_S)
    .exec()
    .catch(() => {})
}
