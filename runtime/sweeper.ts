/**
 * The one repair for everything that can be lost: a doorbell, an alarm, an ack, a failover's last writes, all of Redis. Postgres
 * knows who is owed a turn; the sweeper walks that list and nudges whoever nobody is responsible for.
 *
 *  1. every second: a pass over what has been overdue for longer than the grace, in pages, from the oldest still overdue;
 *  2. every minute: timers that come within the horizon get their alarms;
 *  3. an `epoch` key in every partition: when it is gone, this Redis has lost its data, and a full pass starts at once.
 *
 * Every worker runs one; one of them leads, and two at once would only do the work twice.
 */
import { randomBytes } from 'node:crypto'
import { monotonicMs } from './clock.ts'
import { SWEEP_HORIZON_MS } from './limits.ts'
import { partitionOf, partitionPrefix } from './partitions.ts'
import { openRedis, type RedisConnection, ready } from './redis.ts'
import { defineScripts, Partition } from './scripts.ts'
import { Signal } from './signal.ts'
import type { Owed, Storage } from './storage.ts'

export interface SweeperOptions {
  redisUrl: string
  partitions: number
  storage: Storage
  /** Overdue for longer than this is nobody's normal delay, ms. */
  graceMs?: number
  onHealed?: (count: number) => void
  onError: (error: unknown, what: string) => void
  /** Called once an hour or so by whoever sweeps: purging and other chores of the store. */
  housekeeping?: () => Promise<void>
}

export interface Sweeper {
  stop(): Promise<void>
}

const GRACE_MS = 5000
const LOOK_MS = 500
const PASS_EVERY_MS = 1000
const FULL_PASS_EVERY_MS = 60_000
const HOUSEKEEPING_EVERY_MS = 600_000
const PAGE = 1000
const NUDGED_AT_ONCE = 250
/** Rows a normal pass may nudge, so that a backlog does not keep Postgres busy; a reload has no such budget. */
const PASS_BUDGET = 2500
/** How late a commit may become visible that set a timer in the past. The full pass catches what is later still. */
const LATE_COMMIT_MS = 30_000
const LEADER_MS = 3000
const RELOAD_MAX_MS = 600_000
/** Pages of one pass at most: ten million rows. */
const MAX_PAGES = 10_000

/** Throws when Redis can't be reached. */
export async function startSweeper(options: SweeperOptions): Promise<Sweeper> {
  const redis = openRedis(options.redisUrl, 'commands')
  defineScripts(redis)
  await ready(redis)
  const sweep = new Sweep(redis, options)
  const running = sweep.run()
  return {
    stop: async () => {
      sweep.stop()
      await running
      redis.disconnect()
    },
  }
}

class Sweep {
  readonly #id = randomBytes(8).toString('hex')
  readonly #redis: RedisConnection
  readonly #options: SweeperOptions
  readonly #partitions: Partition[]
  readonly #signal = new Signal()
  #stopped = false
  /** Before this moment (monotonic) nothing was overdue at the last pass, so the next one need not look there. */
  #nothingBefore = Number.NEGATIVE_INFINITY
  /** Alarms up to this moment (monotonic) are in Redis. */
  #carriedTo = Number.NEGATIVE_INFINITY
  #nextPass = 0
  #nextFullPass = 0
  #nextHousekeeping = monotonicMs() + HOUSEKEEPING_EVERY_MS * Math.random()

  constructor(redis: RedisConnection, options: SweeperOptions) {
    this.#redis = redis
    this.#options = options
    this.#partitions = Array.from(
      { length: options.partitions },
      (_, p) => new Partition(redis, partitionPrefix(p, options.partitions)),
    )
  }

  stop(): void {
    this.#stopped = true
    this.#signal.notify()
  }

  async run(): Promise<void> {
    while (!this.#stopped) {
      try {
        if (await this.#leads()) await this.#look()
      } catch (error) {
        this.#options.onError(error, 'sweep')
      }
      await this.#signal.wait(LOOK_MS)
    }
    if (await this.#leads().catch(() => false)) await this.#redis.del(this.#leaderKey).catch(() => {})
  }

  get #leaderKey(): string {
    return `${(this.#partitions[0] as Partition).prefix}sweeper`
  }

  /** One sweeper at a time, by a key that expires. Two at once would only do the work twice. */
  async #leads(): Promise<boolean> {
    const taken = await this.#redis.set(this.#leaderKey, this.#id, 'PX', LEADER_MS, 'NX')
    if (taken === 'OK') {
      // What the one before has carried ahead is not known here.
      this.#carriedTo = this.#nothingBefore = Number.NEGATIVE_INFINITY
      this.#nextFullPass = 0
      return true
    }
    if ((await this.#redis.get(this.#leaderKey)) !== this.#id) return false
    await this.#redis.pexpire(this.#leaderKey, LEADER_MS)
    return true
  }

  async #look(): Promise<void> {
    const lost = await this.#lostPartitions()
    const now = monotonicMs()
    if (lost.length > 0) {
      await this.#reload(lost)
    } else if (now >= this.#nextFullPass) {
      this.#nextFullPass = now + FULL_PASS_EVERY_MS
      await this.#pass(null, Number.POSITIVE_INFINITY)
      await this.#carryAlarms()
    } else if (now >= this.#nextPass) {
      this.#nextPass = now + PASS_EVERY_MS
      await this.#pass(Number.isFinite(this.#nothingBefore) ? this.#nothingBefore - now : null, PASS_BUDGET)
    }
    if (this.#options.housekeeping && now >= this.#nextHousekeeping) {
      this.#nextHousekeeping = now + HOUSEKEEPING_EVERY_MS
      await this.#options.housekeeping()
    }
  }

  async #lostPartitions(): Promise<Partition[]> {
    const epochs = await Promise.all(this.#partitions.map(({ prefix }) => this.#redis.get(`${prefix}epoch`)))
    return this.#partitions.filter((_, p) => epochs[p] === null)
  }

  /**
   * Everything due within the horizon goes back. The epoch is marked as loading before and set after: when Redis loses its data a
   * second time meanwhile, the mark is gone too, and the next look starts over.
   */
  async #reload(lost: Partition[]): Promise<void> {
    for (const { prefix } of lost) await this.#redis.set(`${prefix}loading`, this.#id, 'PX', RELOAD_MAX_MS)
    const started = monotonicMs()
    await this.#walk({ fromMs: null, toMs: SWEEP_HORIZON_MS }, Number.POSITIVE_INFINITY)
    this.#carriedTo = started + SWEEP_HORIZON_MS
    for (const { prefix } of lost) {
      if ((await this.#redis.get(`${prefix}loading`)) === this.#id)
        await this.#redis.rename(`${prefix}loading`, `${prefix}epoch`)
      await this.#redis.persist(`${prefix}epoch`)
    }
  }

  async #pass(fromMs: number | null, budget: number): Promise<void> {
    const started = monotonicMs()
    const toMs = -(this.#options.graceMs ?? GRACE_MS)
    const oldestMs = await this.#walk({ fromMs, toMs }, budget)
    this.#nothingBefore = started + Math.min(oldestMs ?? toMs, toMs) - LATE_COMMIT_MS
  }

  /** Timers that lay beyond the horizon when they were set have no alarm; they get it when the horizon reaches them. */
  async #carryAlarms(): Promise<void> {
    const now = monotonicMs()
    const fromMs = Number.isFinite(this.#carriedTo) ? this.#carriedTo - now : 0
    await this.#walk({ fromMs, toMs: SWEEP_HORIZON_MS }, Number.POSITIVE_INFINITY)
    this.#carriedTo = now + SWEEP_HORIZON_MS
  }

  /** Nudges everybody in a range, page by page. Answers how the oldest of them stands to now, ms; null: there was nobody. */
  async #walk(range: { fromMs: number | null; toMs: number }, budget: number): Promise<number | null> {
    let after: string | null = null
    let oldestMs: number | null = null
    let seen = 0
    for (let page = 0; page < MAX_PAGES && !this.#stopped && seen < budget; page++) {
      const { owed, next } = await this.#options.storage.owed({ ...range, after, limit: PAGE })
      for (const { inMs } of owed) oldestMs = Math.min(oldestMs ?? inMs, inMs)
      await this.#nudge(owed)
      seen += owed.length
      if (next === null) return oldestMs
      after = next
      await this.#redis.pexpire(this.#leaderKey, LEADER_MS)
    }
    return oldestMs
  }

  async #nudge(owed: Owed[]): Promise<void> {
    const byPartition = this.#partitions.map((): Owed[] => [])
    for (const one of owed) byPartition[partitionOf(one.address, this.#partitions.length)]?.push(one)
    let healed = 0
    for (const [p, all] of byPartition.entries()) {
      for (let i = 0; i < all.length; i += NUDGED_AT_ONCE) {
        const digits = await (this.#partitions[p] as Partition).nudge(all.slice(i, i + NUDGED_AT_ONCE))
        healed += digits.replace(/[03]/g, '').length
      }
    }
    if (healed > 0) this.#options.onHealed?.(healed)
  }
}
