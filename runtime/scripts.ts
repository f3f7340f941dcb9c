/**
 * The scripts as typed calls on one partition. Each `.lua` file opens with its arguments, answer and cost; the prelude is joined
 * in front when they are loaded. EVALSHA with its fall-back to EVAL is the client's work, so a SCRIPT FLUSH costs one round trip.
 */
import { readFileSync } from 'node:fs'
import type { Address } from './address.ts'
import type { RedisConnection } from './redis.ts'

/** Draining scripts run even when Redis is out of memory: they are what makes room. */
const FLAGS: Record<string, string> = {
  turn: 'allow-oom',
  leave: 'allow-oom',
  gauges: 'no-writes',
  inspect: 'no-writes',
  overview: 'no-writes',
  unknown: 'no-writes',
}

const read = (name: string) => readFileSync(new URL(`./scripts/${name}.lua`, import.meta.url), 'utf8')

/** The text that Redis is given for the script of that name. */
export function scriptText(name: string): string {
  const flags = FLAGS[name]
  return `#!lua${flags ? ` flags=${flags}` : ''}\n${read('prelude')}\n${read(name)}`
}

const SCRIPTS = ['send', 'turn', 'nudge', 'leave', 'gauges', 'inspect', 'overview', 'unknown', 'unpark'] as const

type ScriptCommand = (guard: string, ...args: (string | number)[]) => Promise<unknown>
type Scripted = Record<(typeof SCRIPTS)[number], ScriptCommand>

/** Teaches a connection the scripts. `text` may replace one, for tests that break it on purpose. */
export function defineScripts(redis: RedisConnection, text: (name: string) => string = scriptText): void {
  for (const name of SCRIPTS) redis.defineCommand(name, { lua: text(name), numberOfKeys: 1 })
}

export interface Ack {
  address: Address
  /** `lease:turn` of the claim. */
  token: string
  /** Doorbells to trim, of those that the claim found. */
  consumed: number
  outcome: 'ok' | 'rest' | 'fail'
  restMs: number
  /** Time to the actor's earliest timer; 0: more is due than one turn takes; -1: none, or beyond the horizon. */
  nextMs: number
}

export interface Claim {
  address: Address
  /** How often it had rung by then. What rang stays unread: the load that follows sees whatever it rang for. */
  doorbells: number
}

export interface TurnRequest {
  lease: string
  turn: number
  leaseMs: number
  alarms: number
  maxFailures: number
  acks: Ack[]
  /** kind -> how many actors to claim */
  want: Record<string, number>
}

export type TurnReply =
  | { state: 'FENCED' | 'OLD' }
  | {
      state: 'ok'
      /** Redis's clock, ms. */
      now: number
      /** Until the next alarm, rest or parked try, ms; null: none. */
      nextMs: number | null
      stale: number
      left: Record<string, number>
      claims: Claim[]
    }

/** How many actors are where. Reads of the structures themselves: there is no second copy that could drift. */
export interface PartitionGauges {
  running: number
  alarms: number
  resting: number
  parked: number
  /** Leases that are alive. */
  leases: number
  /** By kind, in the order in which they were asked for. */
  ready: number[]
}

export class Partition {
  readonly prefix: string
  readonly #redis: RedisConnection

  constructor(redis: RedisConnection, prefix: string) {
    this.#redis = redis
    this.prefix = prefix
  }

  get #scripts(): Scripted {
    return this.#redis as unknown as Scripted
  }

  /** Depth of each mailbox; -1: the actor is parked. */
  async send(cap: number, doorbells: { address: Address; envelope: string }[]): Promise<number[]> {
    const pairs = doorbells.flatMap(({ address, envelope }) => [address, envelope])
    return (await this.#scripts.send(`${this.prefix}guard`, this.prefix, cap, ...pairs)) as number[]
  }

  async turn(request: TurnRequest): Promise<TurnReply> {
    const { lease, turn, leaseMs, alarms, maxFailures, acks, want } = request
    const reply = (await this.#scripts.turn(
      `${this.prefix}guard`,
      ...[this.prefix, lease, turn, leaseMs, alarms, maxFailures],
      JSON.stringify(
        acks.flatMap((ack) => [ack.address, ack.token, ack.consumed, ack.outcome, ack.restMs, ack.nextMs]),
      ),
      ...Object.entries(want).flat(),
    )) as ['FENCED' | 'OLD'] | [number, number, number, number[], (string | number)[]]
    if (reply[0] === 'FENCED' || reply[0] === 'OLD') return { state: reply[0] }
    const [now, soonest, stale, left, flat] = reply as [number, number, number, number[], (string | number)[]]
    const claims: Claim[] = []
    for (let i = 0; i < flat.length; i += 2)
      claims.push({ address: flat[i] as Address, doorbells: flat[i + 1] as number })
    return {
      state: 'ok',
      now,
      nextMs: soonest < 0 ? null : Math.max(0, soonest - now),
      stale,
      left: Object.fromEntries(Object.keys(want).map((kind, i) => [kind, left[i] as number])),
      claims,
    }
  }

  /** A digit an actor, as nudge.lua says. At most 256 a call. */
  async nudge(owed: { address: Address; inMs: number }[]): Promise<string> {
    const pairs = owed.flatMap(({ address, inMs }) => [address, Math.max(0, Math.ceil(inMs))])
    return (await this.#scripts.nudge(`${this.prefix}guard`, this.prefix, ...pairs)) as string
  }

  /** How many actors were freed. */
  async leave(lease: string, crashed: boolean, maxFailures: number): Promise<number> {
    return (await this.#scripts.leave(
      `${this.prefix}guard`,
      this.prefix,
      lease,
      crashed ? '1' : '0',
      maxFailures,
    )) as number
  }

  /** Throws when Redis is away. */
  async gauges(kinds: string[]): Promise<PartitionGauges> {
    const reply = (await this.#scripts.gauges(`${this.prefix}guard`, this.prefix, ...kinds)) as number[]
    const [running, alarms, resting, parked, leases, ...ready] = reply as [number, number, number, number, number]
    return { running, alarms, resting, parked, leases, ready }
  }
}
