/** A runtime to test: a store in memory, and workers, sweepers and clients around one Redis. */
import type { Redis } from 'ioredis'
import { type ActorDefinition, defineActor, type Handler } from '../actor.ts'
import type { Address } from '../address.ts'
import { connectClient, type RuntimeClient } from '../client.ts'
import { monotonicMs } from '../clock.ts'
import { partitionOf, partitionPrefix } from '../partitions.ts'
import { openRedis, ready } from '../redis.ts'
import { defineScripts, Partition } from '../scripts.ts'
import type { Store } from '../storage.ts'
import { type Sweeper, type SweeperOptions, startSweeper } from '../sweeper.ts'
import { startWorker, type Worker, type WorkerOptions } from '../worker.ts'
import { audit } from './audit.ts'
import { type Event, MemoryStorage, type Row, type State } from './memory-storage.ts'
import { textUnderTest } from './under-test.ts'
import { Wire } from './wire.ts'

export type Handlers = Record<string, Handler<State, Row, Event>>

export interface Kind {
  handlers: Handlers
  slots?: number
  deadlineMs?: number
}

export class Rig {
  readonly storage: MemoryStorage
  /** For looking in, and for what an operator may do. */
  readonly redis: Redis
  /** What workers and sweepers reported. */
  readonly errors: { error: unknown; what: string }[] = []
  readonly partitions: number
  readonly #url: string
  readonly #kinds: Record<string, Kind>
  readonly #open = new Set<() => Promise<void>>()
  readonly #wires: Wire[] = []

  private constructor(url: string, kinds: Record<string, Kind>, partitions: number) {
    this.#url = url
    this.#kinds = kinds
    this.partitions = partitions
    this.storage = new MemoryStorage(Object.keys(kinds))
    this.redis = openRedis(url, 'commands') as Redis
    defineScripts(this.redis, textUnderTest)
  }

  static async open(url: string, kinds: Record<string, Kind>, partitions = 1): Promise<Rig> {
    const rig = new Rig(url, kinds, partitions)
    await ready(rig.redis)
    return rig
  }

  /** A wire to the same Redis. It outlives the workers, so that they can take their leave. */
  async wire(): Promise<Wire> {
    const wire = await Wire.start(this.#url)
    this.#wires.push(wire)
    return wire
  }

  async worker(options: Partial<WorkerOptions> = {}): Promise<Worker> {
    const worker = await startWorker({
      redisUrl: this.#url,
      partitions: this.partitions,
      actors: this.definitions(),
      scriptText: textUnderTest,
      onError: (error, what) => this.errors.push({ error, what }),
      ...options,
    })
    const end = () => worker.drain(0)
    this.#open.add(end)
    return {
      ...worker,
      get underWay() {
        return worker.underWay
      },
      drain: async (graceMs) => {
        this.#open.delete(end)
        await worker.drain(graceMs)
      },
    }
  }

  async sweeper(options: Partial<SweeperOptions> = {}): Promise<Sweeper> {
    const sweeper = await startSweeper({
      redisUrl: this.#url,
      partitions: this.partitions,
      storage: this.storage,
      scriptText: textUnderTest,
      onError: (error, what) => this.errors.push({ error, what }),
      ...options,
    })
    this.#open.add(() => sweeper.stop())
    return sweeper
  }

  client(redisUrl = this.#url): RuntimeClient {
    const kinds = Object.keys(this.#kinds)
    const client = connectClient({ redisUrl, partitions: this.partitions, kinds, storage: this.storage })
    this.#open.add(() => client.close())
    return client
  }

  partition(address: Address): Partition {
    return new Partition(this.redis, partitionPrefix(partitionOf(address, this.partitions), this.partitions))
  }

  /** A doorbell, as whoever has written something for it rings. */
  async ring(...addresses: Address[]): Promise<void> {
    for (const address of addresses) await this.partition(address).send(1000, [{ address, envelope: '!' }])
  }

  /** Commands for one actor, and their doorbells. */
  async send(address: Address, ...names: string[]): Promise<void> {
    for (const name of names) this.storage.command(address, name)
    await this.ring(address)
  }

  /** Until it holds; for what nobody signals. Rejects after ten seconds, with what was waited for. */
  async settlesWhen(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
    for (const started = monotonicMs(); !(await holds()); ) {
      if (monotonicMs() - started > 10_000) throw new Error(`waited 10 s for ${what}`)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }

  /** Until nobody is ready or in a worker's hands; then everybody is where he should be. */
  async settled(): Promise<void> {
    const kinds = Object.keys(this.#kinds)
    await this.settlesWhen(async () => {
      const { ready: readyCount, running } = await this.gauges()
      return readyCount + running === 0
    }, 'all work to be done')
    for (let p = 0; p < this.partitions; p++) {
      const broken = await audit(this.redis, partitionPrefix(p, this.partitions), kinds)
      if (broken.length > 0) throw new Error(broken.join('\n'))
    }
  }

  async gauges(): Promise<{ ready: number; running: number; resting: number; parked: number; leases: number }> {
    const sum = { ready: 0, running: 0, resting: 0, parked: 0, leases: 0 }
    for (let p = 0; p < this.partitions; p++) {
      const partition = new Partition(this.redis, partitionPrefix(p, this.partitions))
      const gauges = await partition.gauges(Object.keys(this.#kinds))
      sum.ready += gauges.ready.reduce((a, b) => a + b, 0)
      sum.running += gauges.running
      sum.resting += gauges.resting
      sum.parked += gauges.parked
      sum.leases += gauges.leases
    }
    return sum
  }

  /** Everybody who has an alarm set. */
  async alarms(): Promise<string[]> {
    const prefixes = Array.from({ length: this.partitions }, (_, p) => partitionPrefix(p, this.partitions))
    return (await Promise.all(prefixes.map((prefix) => this.redis.zrange(`${prefix}due`, '0', '-1')))).flat()
  }

  /** Ends whatever the test has left running, and empties Redis for the next. */
  async close(): Promise<void> {
    await Promise.all([...this.#open].map((end) => end()))
    await Promise.all(this.#wires.map((wire) => wire.close()))
    await this.redis.flushdb()
    this.redis.disconnect()
  }

  definitions(): ActorDefinition[] {
    return Object.entries(this.#kinds).map(([kind, { handlers, slots = 64, deadlineMs = 5000 }]) => {
      const store = this.storage.stores[kind] as Store<State, Row, Event>
      return defineActor({ kind, store, handlers, slots, deadlineMs })
    })
  }
}
