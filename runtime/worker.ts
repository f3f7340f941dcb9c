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
import { Committer } from './committer.ts'
import { Doorbells } from './doorbells.ts'
import { LEASE_MS } from './limits.ts'
import { PartitionLoop } from './loop.ts'
import type { Observer } from './observer.ts'
import { StoreOutage } from './outage.ts'
import { partitionPrefix } from './partitions.ts'
import { openRedis, type RedisConnection, ready } from './redis.ts'
import { Replier } from './replier.ts'
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
  observer?: Observer
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
const FORGET_LATE_MS = 10_000

/** Throws when Redis can't be reached. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { redisUrl, partitions, actors, leaseMs = LEASE_MS, onLease = () => {}, observer, onError } = options
  const name = `${hostname()}-${process.pid}`
  const [commands, ...blocking] = await connectAll(redisUrl, partitions)
  defineScripts(commands, options.scriptText)
  const doorbells = new Doorbells(commands, partitions)
  const replier = new Replier(commands)
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  const forget = setInterval(() => delay.reset(), FORGET_LATE_MS)
  forget.unref()
  const loops: PartitionLoop[] = []
  const shared = {
    worker: name,
    commands,
    leaseMs,
    actors: new Map(actors.map((actor) => [actor.kind, actor])),
    committers: new Map(
      actors.map(({ kind, store }) => [kind, new Committer(store, (size, ms) => observer?.commit(kind, size, ms))]),
    ),
    observer,
    slots: new Slots(actors, () => {
      for (const loop of loops) loop.poke()
    }),
    outage: new StoreOutage(),
    // A loop that took all free slots would send its neighbours out for nothing.
    share: () => (partitions > 1 ? 0.5 : 1) * (delay.percentile(99) / 1e6 > LATE_LOOP_MS ? 0.5 : 1),
    onLease,
    ring: doorbells.ring.bind(doorbells),
    reply: replier.reply.bind(replier),
    onError,
  }
  for (const [p, connection] of blocking.entries()) {
    loops.push(new PartitionLoop({ ...shared, prefix: partitionPrefix(p, partitions), blocking: connection }))
  }
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

/** One for commands, then one a partition that waits for its wake token. All, or none that goes on trying. */
async function connectAll(url: string, partitions: number): Promise<[RedisConnection, ...RedisConnection[]]> {
  const commands = openRedis(url, 'commands')
  const blocking = Array.from({ length: partitions }, () => openRedis(url, 'blocking'))
  try {
    await Promise.all([commands, ...blocking].map(ready))
  } catch (error) {
    for (const connection of [commands, ...blocking]) connection.disconnect()
    throw error
  }
  return [commands, ...blocking]
}
