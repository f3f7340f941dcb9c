/**
 * The scripts as typed calls on one partition. Each `.lua` file opens with its arguments, answer and cost; the prelude is joined
 * in front when they are loaded. EVALSHA with its fall-back to EVAL is the client's work, so a SCRIPT FLUSH costs one round trip.
 */
import { readFileSync } from 'node:fs'
import type { Address } from './address.ts'
import type { RedisConnection } from './redis.ts'

/** Draining scripts run even when Redis is out of memory: they are what makes room. */
const FLAGS: Record<string, string> = { turn: ' flags=allow-oom', leave: ' flags=allow-oom' }

const read = (name: string) => readFileSync(new URL(`./scripts/${name}.lua`, import.meta.url), 'utf8')

/** The text that Redis is given for the script of that name. */
export function scriptText(name: string): string {
  return `#!lua${FLAGS[name] ?? ''}\n${read('prelude')}\n${read(name)}`
}

const SCRIPTS = ['send', 'turn', 'nudge', 'leave'] as const

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
  /** Envelopes to trim. */
  consumed: number
  outcome: 'ok' | 'rest' | 'fail'
  restMs: number
  /** Time to the actor's earliest timer; -1: none, or beyond the horizon. */
  nextMs: number
}

export interface Claim {
  address: Address
  envelopes: string[]
}

export interface TurnRequest {
  lease: string
  turn: number
  leaseMs: number
  batch: number
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
    const { lease, turn, leaseMs, batch, alarms, maxFailures, acks, want } = request
    const kinds = Object.keys(want)
    const reply = (await this.#scripts.turn(
      `${this.prefix}guard`,
      ...[this.prefix, lease, turn, leaseMs, batch, alarms, maxFailures],
      JSON.stringify(acks.map((ack) => [ack.address, ack.token, ack.consumed, ack.outcome, ack.restMs, ack.nextMs])),
      ...Object.entries(want).flat(),
    )) as [number, number, number, number[], (string | string[])[]] | ['FENCED' | 'OLD']
    if (reply[0] === 'FENCED' || reply[0] === 'OLD') return { state: reply[0] }
    const [now, soonest, stale, left, flat] = reply as [number, number, number, number[], (string | string[])[]]
    const claims: Claim[] = []
    for (let i = 0; i < flat.length; i += 2)
      claims.push({ address: flat[i] as Address, envelopes: flat[i + 1] as string[] })
    return {
      state: 'ok',
      now,
      nextMs: soonest < 0 ? null : Math.max(0, soonest - now),
      stale,
      left: Object.fromEntries(kinds.map((kind, i) => [kind, left[i] as number])),
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
}
