/** What an operator may ask and do, put together from both sides: Redis says who has an actor, Postgres what it is owed. */
import { type Address, parseAddress } from '../../runtime/address.ts'
import type { RuntimeClient } from '../../runtime/client.ts'
import { monotonicMs } from '../../runtime/clock.ts'
import type { ActorInRedis, RuntimeOverview } from '../../runtime/inspector.ts'
import type { Storage } from '../../runtime/storage.ts'
import type { Database } from '../../schema/database.ts'
import { dropCommand, type Head, headOf } from './drop.ts'
import { findActor } from './find.ts'
import { type TruthGap, truthGap } from './gap.ts'
import { whyNotMoving } from './sentence.ts'
import { type ActorInPostgres, actorInPostgres } from './truth.ts'

export interface ActorInspection {
  address: Address
  /** Why it is not moving. */
  sentence: string
  postgres: ActorInPostgres
  /** null: Redis does not answer. */
  redis: ActorInRedis | null
}

export interface Overview extends RuntimeOverview {
  /** The longest that one of the next to be served has been owed its turn; null: nobody waits. */
  oldestReady: { address: Address; waitingMs: number } | null
  /** A second, since the look before; null at the first one. */
  rates: { messages: number; turns: number } | null
  truthGap: TruthGap
}

interface Sample {
  at: number
  counters: RuntimeOverview['counters']
}

/** Two looks closer together than this share a rate. */
const RATE_OVER_MS = 1000

export class Inspection {
  readonly #database: Database
  readonly #storage: Storage
  readonly #runtime: RuntimeClient
  #sample: Sample | null = null
  #rates: Overview['rates'] = null

  constructor(options: { database: Database; storage: Storage; runtime: RuntimeClient }) {
    this.#database = options.database
    this.#storage = options.storage
    this.#runtime = options.runtime
  }

  /** Throws StoreAway, or the connection's error when Redis is away. */
  async overview(): Promise<Overview> {
    const { inspector } = this.#runtime
    const [overview, gap] = await Promise.all([inspector.overview(), truthGap(this.#storage, inspector)])
    return {
      ...overview,
      oldestReady: await this.#oldestOf(overview.heads),
      rates: this.#ratesAt(overview.counters),
      truthGap: gap,
    }
  }

  /** By address, or by the id of a payment, refund, event, delivery or replay; null: there is no such actor. Throws StoreAway. */
  async actor(idOrAddress: string): Promise<ActorInspection | null> {
    const address = await findActor(this.#database, idOrAddress)
    if (!address) return null
    const [postgres, redis] = await Promise.all([
      actorInPostgres(this.#database, address),
      this.#runtime.inspector.actor(address).catch(() => null),
    ])
    return postgres && { address, sentence: whyNotMoving(postgres, redis), postgres, redis }
  }

  /** True when it was lost to Redis, and is ready now. */
  nudge(address: Address): Promise<boolean> {
    return this.#runtime.inspector.nudge(address)
  }

  /** False when it is not parked. */
  unpark(address: Address): Promise<boolean> {
    return this.#runtime.inspector.unpark(address)
  }

  /**
   * Sets the head command of an actor aside and lets it go on. Answers what its head was: dropped only when it is a command, and nobody
   * handled it meanwhile.
   */
  async drop(found: ActorInspection, reason: string): Promise<{ head: Head; dropped: boolean }> {
    const head = headOf(found.postgres)
    if (head?.kind !== 'command') return { head, dropped: false }
    const { id } = parseAddress(found.address)
    const dropped = await dropCommand(this.#database, id, head.seq, { name: head.name, reason })
    await this.unpark(found.address)
    return { head, dropped }
  }

  async #oldestOf(heads: Address[]): Promise<Overview['oldestReady']> {
    const waits = await Promise.all(
      heads.map(async (address) => ({
        address,
        waitingMs: (await actorInPostgres(this.#database, address))?.overdueMs ?? 0,
      })),
    )
    return waits.sort((a, b) => b.waitingMs - a.waitingMs)[0] ?? null
  }

  #ratesAt(counters: RuntimeOverview['counters']): Overview['rates'] {
    const at = monotonicMs()
    const before = this.#sample
    if (before && at - before.at < RATE_OVER_MS) return this.#rates
    this.#sample = { at, counters }
    const seconds = before ? (at - before.at) / 1000 : 0
    // After a FLUSHALL the counters start again, and one look has no rate.
    const isKnown = before !== null && counters.turns >= before.counters.turns
    const rate = (name: 'messages' | 'turns') => Math.round((counters[name] - (before?.counters[name] ?? 0)) / seconds)
    this.#rates = isKnown ? { messages: rate('messages'), turns: rate('turns') } : null
    return this.#rates
  }
}
