/**
 * Gates before places outside: how many calls may be under way to one, how many a second, and none for a while after it has
 * failed time and again. They stand in Redis, so that all workers together keep them. Whoever is refused waits in line and is rung
 * when it is its turn: nobody spins, a backlog goes as fast as there is room, and a place that hangs holds a bounded number of
 * slots, whatever waits for it.
 *
 * They are disposable. Without Redis every gate is open; after a loss, failures are counted anew, and those in line come by
 * themselves.
 */
import { randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { Address } from './address.ts'
import { Batcher } from './batcher.ts'
import { Doorbells } from './doorbells.ts'
import { partitionPrefix } from './partitions.ts'
import { openRedis, type RedisConnection } from './redis.ts'
import { defineScripts, scriptText } from './scripts.ts'

export interface GateLimits {
  /** Calls under way at once, when each takes `slowMs`. A place that takes half of it gets four times as many, up to `most`. */
  atOnce: number
  slowMs: number
  most: number
  /** Calls a second, in bursts of at most a second's worth; null: as many as come. */
  perSecond: number | null
  /** No call lasts longer, ms: then its caller is dead. */
  holdMs: number
  /** After so many failures in a row the gate shuts. */
  failures: number
  /** How long it is shut before one call may try, ms; twice as long after each try that fails, up to the longest. */
  coolMs: number
  longestCoolMs: number
  /** Counts up when the place becomes another: what was held against the one before is forgotten. */
  generation: number
}

/** well, failed, or unknown: it was given up for reasons of ours. */
export type CallOutcome = 'well' | 'failed' | 'unknown'

/** A call that may begin. Tell once how it ended, with the ms that it took. */
export interface Admitted {
  admitted: true
  leave(outcome: CallOutcome, tookMs: number): void
}

export interface Refused {
  admitted: false
  /** When to ask again, should nobody ring. */
  waitMs: number
  /** Refused for what failed before, not for lack of room. */
  shut: boolean
}

export interface Gates {
  /** Asks for one call to a place, for an actor that can be rung when it has to wait. Never throws. */
  enter(place: string, limits: GateLimits, actor: Address): Promise<Admitted | Refused>
  /** Once what has ended was told. */
  close(): Promise<void>
}

/** Gates that let everybody through. */
export const OPEN_GATES: Gates = {
  enter: async () => FREE,
  close: async () => {},
}

const FREE: Admitted = { admitted: true, leave: () => {} }
const OUTCOMES: Record<CallOutcome, number> = { well: 1, failed: 0, unknown: -1 }
const CALLS_A_SCRIPT = 256
/** Beyond it a call goes unasked rather than late. */
const WAITING = 10_000

interface Wish {
  place: string
  limits: GateLimits
  call: string
  actor: Address
  /** null: it wants to begin. */
  ended: { outcome: CallOutcome; tookMs: number } | null
}

export interface GatesOptions {
  redisUrl: string
  partitions: number
  /** The script text by name, for tests that break one on purpose. */
  scriptText?: (name: string) => string
}

/** Does not wait for Redis. */
export function openGates({ redisUrl, partitions, scriptText: text = scriptText }: GatesOptions): Gates {
  const redis = openRedis(redisUrl, 'commands')
  defineScripts(redis)
  redis.defineCommand('gate', { lua: text('gate'), numberOfKeys: 1 })
  const doorbells = new Doorbells(redis, partitions)
  const ring = (actors: Address[]) => doorbells.ring(actors, 'room')
  void redis.connect().catch(() => {})
  const caller = randomBytes(6).toString('base64url')
  let calls = 0
  const here = partitions === 1 ? 1 : 0
  const lanes = Array.from({ length: partitions }, (_, p) =>
    batcher({ redis, prefix: partitionPrefix(p, partitions), here, ring }),
  )
  /** The last end that each lane was told of: it travels behind all others. */
  const lastEnds: Promise<unknown>[] = []
  return {
    async enter(place, limits, actor) {
      const call = `${caller}${(calls++).toString(36)}`
      const lane = crc32(place) % partitions
      const wishes = lanes[lane] as Batcher<Wish, number>
      const answer = await wishes.add({ place, limits, call, actor, ended: null }).catch(() => null)
      if (answer === null) return FREE
      if (answer !== 0) return { admitted: false, waitMs: Math.abs(answer), shut: answer < 0 }
      return {
        admitted: true,
        leave(outcome, tookMs) {
          // Unheard, it holds its place until `holdMs` have passed, and says nothing about the place.
          lastEnds[lane] = wishes.add({ place, limits, call, actor, ended: { outcome, tookMs } }).catch(() => undefined)
        },
      }
    },
    async close() {
      await Promise.all(lastEnds)
      await doorbells.drain()
      await redis.quit().catch(() => redis.disconnect())
    },
  }
}

type GateCommand = { gate(guard: string, prefix: string, places: string, here: 0 | 1): Promise<[number[], Address[]]> }

interface Lane {
  redis: RedisConnection
  prefix: string
  /** There is one partition: the script rings by itself, and no doorbell is lost with a process. */
  here: 0 | 1
  ring: (actors: Address[]) => void
}

function batcher({ redis, prefix, here, ring }: Lane): Batcher<Wish, number> {
  const ask = async (wishes: Wish[]) => {
    const places = byPlace(wishes)
    const gate = (redis as unknown as GateCommand).gate
    const [answers, next] = await gate.call(redis, `${prefix}guard`, prefix, JSON.stringify(places.entries), here)
    if (next.length > 0) ring(next)
    return wishes.map((wish) => (wish.ended ? 0 : (answers[places.order.get(wish.call) as number] as number)))
  }
  return new Batcher(ask, { max: CALLS_A_SCRIPT, concurrency: 1, limit: WAITING })
}

/** An entry a place for the script, and where each call's answer will stand. */
function byPlace(wishes: Wish[]): { entries: unknown[]; order: Map<string, number> } {
  const groups = Map.groupBy(wishes, ({ place, limits }) => `${place} ${limits.generation}`)
  const order = new Map<string, number>()
  const entries = [...groups.values()].map((group) => {
    const { place, limits } = group[0] as Wish
    const { atOnce, slowMs, most, perSecond, holdMs, failures, coolMs, longestCoolMs, generation } = limits
    const gapMs = perSecond === null ? 0 : 1000 / perSecond
    const begin = group.filter((wish) => !wish.ended)
    for (const { call } of begin) order.set(call, order.size)
    const ended = group.flatMap(({ call, ended }) => (ended ? [call, OUTCOMES[ended.outcome], ended.tookMs] : []))
    return [
      place,
      atOnce,
      slowMs,
      most,
      gapMs,
      holdMs,
      failures,
      coolMs,
      longestCoolMs,
      generation,
      ended,
      begin.flatMap(({ call, actor }) => [call, actor]),
    ]
  })
  return { entries, order }
}
