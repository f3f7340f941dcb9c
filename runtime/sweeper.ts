/**
 * The one repair for everything that can be lost: a doorbell, an alarm, an ack, a failover's last writes, all of Redis. Postgres
 * knows who is owed a turn; the sweeper walks that list and nudges whoever nobody is responsible for.
 *
 *  1. every second: on with the pass over what has been overdue for longer than the grace, from the oldest still overdue;
 *  2. every minute: a pass from the very beginning, and alarms for the timers that come within the horizon;
 *  3. an `epoch` key in every partition: when it is gone, this Redis has lost its data, and everything due goes back at once.
 *
 * Every worker runs one; one of them leads, and two at once would only do the work twice.
 */
import { randomBytes } from 'node:crypto'
import { monotonicMs } from './clock.ts'
import { SWEEP_HORIZON_MS } from './limits.ts'
import { partitionPrefix } from './partitions.ts'
import { openRedis, type RedisConnection, ready } from './redis.ts'
import { defineScripts, Partition } from './scripts.ts'
import { Signal } from './signal.ts'
import type { Storage } from './storage.ts'
import { type Stretch, Walk } from './walk.ts'

export interface SweeperOptions {
  redisUrl: string
  partitions: number
  storage: Storage
  /** Overdue for longer than this is nobody's normal delay, ms. */
  graceMs?: number
  /** The script text by name, for tests that break one on purpose. */
  scriptText?: (name: string) => string
  onHealed?: (count: number) => void
  onError: (error: unknown, what: string) => void
  /** Called every ten minutes or so by whoever sweeps: purging and other chores of the store. */
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
/** Rows of one go at a pass, so that a backlog does not keep Postgres busy; a reload and a full pass have no such budget. */
const PASS_BUDGET = 2500
/** How late a commit may become visible that set a timer in the past. The full pass catches what is later still. */
const LATE_COMMIT_MS = 30_000
const LEADER_MS = 3000
/** A reload that takes longer than this starts over. */
const RELOAD_MAX_MS = 600_000

/** Throws when Redis can't be reached. */
export async function startSweeper(options: SweeperOptions): Promise<Sweeper> {
  const redis = openRedis(options.redisUrl, 'commands')
  defineScripts(redis, options.scriptText)
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
  /** Before this moment (monotonic) nothing was overdue at the last pass, so the next one need not look there. null: not known. */
  #nothingBefore: number | null = null
  /** Alarms up to this moment (monotonic) are in Redis. null: not known. */
  #carriedTo: number | null = null
  /** The pass under way, and how far it is to go. */
  #pass: { walk: Walk; toAt: number } | null = null
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

  /** One sweeper at a time, by a key that expires. */
  async #leads(): Promise<boolean> {
    const taken = await this.#redis.set(this.#leaderKey, this.#id, 'PX', LEADER_MS, 'NX')
    if (taken === 'OK') {
      // What the one before has done is not known here.
      this.#carriedTo = this.#nothingBefore = this.#pass = null
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
      this.#nothingBefore = this.#pass = null
      await this.#goOn(Number.POSITIVE_INFINITY)
      await this.#carryAlarms()
    } else if (now >= this.#nextPass) {
      this.#nextPass = now + PASS_EVERY_MS
      await this.#goOn(PASS_BUDGET)
    }
    if (this.#options.housekeeping && now >= this.#nextHousekeeping) {
      this.#nextHousekeeping = now + HOUSEKEEPING_EVERY_MS
      await this.#options.housekeeping()
    }
  }

  /** On with the pass over what is overdue, or a new one. At its end the next may start at the oldest that is still overdue. */
  async #goOn(budget: number): Promise<void> {
    const toAt = this.#pass?.toAt ?? monotonicMs() - (this.#options.graceMs ?? GRACE_MS)
    this.#pass ??= { walk: this.#walk({ fromAt: this.#nothingBefore, toAt }), toAt }
    const { walk } = this.#pass
    await this.#take(walk, budget)
    if (!walk.ended) return
    this.#nothingBefore = Math.min(walk.oldestAt ?? toAt, toAt) - LATE_COMMIT_MS
    this.#pass = null
  }

  /** Timers that lay beyond the horizon when they were set have no alarm; they get it when the horizon reaches them. */
  async #carryAlarms(): Promise<void> {
    const toAt = monotonicMs() + SWEEP_HORIZON_MS
    const walk = this.#walk({ fromAt: this.#carriedTo ?? monotonicMs(), toAt })
    await this.#take(walk, Number.POSITIVE_INFINITY)
    if (walk.ended) this.#carriedTo = toAt
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
    const toAt = monotonicMs() + SWEEP_HORIZON_MS
    const walk = this.#walk({ fromAt: null, toAt })
    await this.#take(walk, Number.POSITIVE_INFINITY)
    if (!walk.ended) return
    this.#carriedTo = toAt
    for (const { prefix } of lost) {
      if ((await this.#redis.get(`${prefix}loading`)) !== this.#id) continue
      await this.#redis.rename(`${prefix}loading`, `${prefix}epoch`)
      await this.#redis.persist(`${prefix}epoch`)
    }
  }

  #walk(stretch: Stretch): Walk {
    return new Walk(this.#options.storage, this.#partitions, stretch)
  }

  /** Page after page, until the walk ends or has seen `budget` more. */
  async #take(walk: Walk, budget: number): Promise<void> {
    const until = walk.seen + budget
    const healedBefore = walk.healed
    while (!walk.ended && !this.#stopped && walk.seen < until) {
      await walk.step()
      if (!walk.ended) await this.#redis.pexpire(this.#leaderKey, LEADER_MS)
    }
    const healed = walk.healed - healedBefore
    if (healed > 0) this.#options.onHealed?.(healed)
  }
}
