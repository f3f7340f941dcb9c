/**
 * What an operator asks: where is this actor, who works, what waits. Everything is read from the structures themselves, in one script
 * a partition; there is no second copy that could drift. After a FLUSHALL counters and failures start again.
 */
import type { Address } from './address.ts'
import { partitionOf, partitionPrefix } from './partitions.ts'
import type { RedisConnection } from './redis.ts'
import { defineScripts } from './scripts.ts'

/** An actor as Redis knows it; times are ms from now. */
export interface ActorInRedis {
  state: 'ready' | 'running' | 'resting' | 'parked' | 'idle'
  partition: number
  /** Doorbells in its mailbox, and the first of them. */
  depth: number
  mailbox: string[]
  /** From 1; null unless ready. */
  position: { place: number; of: number } | null
  /** Who has it in hand; `leftMs` below 0: the lease has ended, and the next turn of anybody frees its actors. */
  owner: { lease: string; turn: number; leftMs: number } | null
  restsForMs: number | null
  /** In a row, of the actor's own making. */
  failures: number
  triedAgainInMs: number | null
  alarmInMs: number | null
}

export interface LeaseView {
  lease: string
  partition: number
  /** Below 0: dead, and not reaped yet. */
  leftMs: number
  turn: number
  claims: number
}

export interface LaneView {
  tenant: string
  kind: string
  /** How many turns this lane has been given or waits for beyond what a fair share would be by now. */
  ahead: number
}

export interface PartitionView {
  partition: number
  ready: Record<string, number>
  running: number
  scheduled: number
  resting: number
  parked: number
}

export interface RuntimeOverview {
  partitions: PartitionView[]
  leases: LeaseView[]
  lanes: LaneView[]
  /** Since this Redis was last emptied. */
  counters: Record<'messages' | 'turns' | 'reaped' | 'stale' | 'healed', number>
  parked: { address: Address; triedAgainInMs: number }[]
  /** The next to be served, one a kind and partition. */
  heads: Address[]
}

/** Doorbells, leases, lanes and parked actors that are listed at most. */
const SHOWN = 100
const UNKNOWN_AT_ONCE = 1000

type Reader = Record<
  'inspect' | 'overview' | 'unknown' | 'unpark' | 'nudge' | 'gauges',
  (guard: string, ...args: (string | number)[]) => Promise<unknown>
>

export class Inspector {
  readonly #scripts: Reader
  readonly #prefixes: string[]
  readonly #kinds: string[]

  constructor(redis: RedisConnection, partitions: number, kinds: string[]) {
    defineScripts(redis)
    this.#scripts = redis as unknown as Reader
    this.#prefixes = Array.from({ length: partitions }, (_, p) => partitionPrefix(p, partitions))
    this.#kinds = kinds
  }

  /** Throws when Redis is away. */
  async actor(address: Address): Promise<ActorInRedis> {
    const partition = partitionOf(address, this.#prefixes.length)
    const reply = (await this.#run('inspect', partition, address, SHOWN)) as InspectReply
    const [now, depth, mailbox, rank, ready, token, leaseEnds, restsUntil, failures, triedNext, alarm] = reply
    const [, lease = '', turn = '0'] = /^(.*):(\d+)$/.exec(token) ?? []
    const from = (at: number) => (at < 0 ? null : at - now)
    return {
      state: token ? 'running' : rank >= 0 ? 'ready' : restsUntil >= 0 ? 'resting' : triedNext >= 0 ? 'parked' : 'idle',
      partition,
      depth,
      mailbox,
      position: rank < 0 ? null : { place: rank + 1, of: ready },
      owner: token ? { lease, turn: Number(turn), leftMs: from(leaseEnds) ?? -1 } : null,
      restsForMs: from(restsUntil),
      failures,
      triedAgainInMs: from(triedNext),
      alarmInMs: from(alarm),
    }
  }

  /** Throws when Redis is away. */
  async overview(): Promise<RuntimeOverview> {
    const views = await Promise.all(this.#prefixes.map((_, p) => this.#partition(p)))
    const counters = { messages: 0, turns: 0, reaped: 0, stale: 0, healed: 0 }
    for (const view of views) for (const name of COUNTERS) counters[name] += view.counters[name] ?? 0
    return {
      partitions: views.map((view) => view.partition),
      leases: views.flatMap((view) => view.leases),
      lanes: views
        .flatMap((view) => view.lanes)
        .sort((a, b) => b.ahead - a.ahead)
        .slice(0, SHOWN),
      counters,
      parked: views.flatMap((view) => view.parked).slice(0, SHOWN),
      heads: views.flatMap((view) => view.heads),
    }
  }

  /** Those of `addresses` that nobody in Redis is responsible for. Throws when Redis is away. */
  async unknown(addresses: Address[]): Promise<Address[]> {
    const groups = this.#prefixes.map((): Address[] => [])
    for (const address of addresses) groups[partitionOf(address, groups.length)]?.push(address)
    const unknown: Address[] = []
    for (const [p, group] of groups.entries()) {
      for (let i = 0; i < group.length; i += UNKNOWN_AT_ONCE) {
        unknown.push(...((await this.#run('unknown', p, ...group.slice(i, i + UNKNOWN_AT_ONCE))) as Address[]))
      }
    }
    return unknown
  }

  /** False when it was not parked. Throws when Redis is away. */
  async unpark(address: Address): Promise<boolean> {
    return (await this.#run('unpark', partitionOf(address, this.#prefixes.length), address)) === 1
  }

  /** True when nobody was responsible for it, and it is ready now. Throws when Redis is away. */
  async nudge(address: Address): Promise<boolean> {
    return (await this.#run('nudge', partitionOf(address, this.#prefixes.length), address, 0)) !== '0'
  }

  async #partition(p: number) {
    const [overview, gauges] = await Promise.all([
      this.#run('overview', p, SHOWN, ...this.#kinds) as Promise<OverviewReply>,
      this.#run('gauges', p, ...this.#kinds) as Promise<number[]>,
    ])
    const [now, counters, leases, parked, ...lanes] = overview
    const [running = 0, scheduled = 0, resting = 0, parkedCount = 0, , ...ready] = gauges
    return {
      partition: {
        partition: p,
        ready: Object.fromEntries(this.#kinds.map((kind, i) => [kind, ready[i] ?? 0])),
        running,
        scheduled,
        resting,
        parked: parkedCount,
      },
      counters: Object.fromEntries(groupsOf(counters, 2).map(([name, n]) => [name, Number(n)])),
      leases: groupsOf(leases, 4).map(([lease, ends, turn, claims]): LeaseView => {
        return {
          lease: String(lease),
          partition: p,
          leftMs: Number(ends) - now,
          turn: Number(turn),
          claims: Number(claims),
        }
      }),
      parked: groupsOf(parked, 2).map(([address, next]) => ({
        address: address as Address,
        triedAgainInMs: Number(next) - now,
      })),
      lanes: lanes.flatMap(([virtual, , ...tags]) => groupsOf(tags, 2).map((lane) => laneOf(lane, Number(virtual)))),
      heads: lanes.flatMap(([, head]) => (head ? [head as Address] : [])),
    }
  }

  #run(script: keyof Reader, p: number, ...args: (string | number)[]): Promise<unknown> {
    const prefix = this.#prefixes[p] as string
    return this.#scripts[script](`${prefix}guard`, prefix, ...args)
  }
}

const COUNTERS = ['messages', 'turns', 'reaped', 'stale', 'healed'] as const

type InspectReply = [number, number, string[], number, number, string, number, number, number, number, number]
type OverviewReply = [number, (string | number)[], (string | number)[], (string | number)[], ...string[][]]

function groupsOf<T>(flat: T[], size: number): T[][] {
  return Array.from({ length: Math.floor(flat.length / size) }, (_, i) => flat.slice(i * size, (i + 1) * size))
}

function laneOf([lane = '', tag]: string[], virtual: number): LaneView {
  const [tenant = '', kind = ''] = lane.split('/')
  return { tenant, kind, ahead: Math.max(0, Number(tag) - virtual) }
}
