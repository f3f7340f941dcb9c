/**
 * Workers that behave as badly as they may, against a model of what they were told. Seeded, on a real Redis.
 *
 *  - calm: nothing loses a message, and nothing sweeps: what the scripts lose stays lost. Answers are lost and turns are sent twice.
 *  - faults: workers die with claims in hand, sleep past their lease and go on, doorbells are lost or rung twice, and copies of older
 *    turns arrive late; a sweep repairs.
 *  - flush: as faults, and now and then Redis loses everything.
 *
 * It goes in rounds: a burst, then until all is quiet. With more in flight for ever the next doorbell would heal what the last one lost,
 * and most broken scripts would pass.
 */
import type { Redis } from 'ioredis'
import type { Address } from '../../runtime/address.ts'
import { wallMs } from '../../runtime/clock.ts'
import { type Ack, Partition, type TurnRequest } from '../../runtime/scripts.ts'
import { audit } from '../../runtime/testing/audit.ts'
import { Model, type Snapshot } from './model.ts'
import { Random } from './random.ts'

export type Mode = 'calm' | 'faults' | 'flush'

export interface FuzzOptions {
  /** With the scripts defined, and a database of its own. */
  redis: Redis
  seed: number
  mode: Mode
  rounds: number
}

export interface FuzzReport {
  violations: string[]
  turns: number
  sent: number
  healed: number
  fenced: number
  old: number
  killed: number
  flushed: number
}

interface Held {
  snapshot: Snapshot | null
  address: Address
  doorbells: number
  token: string
}

interface Worker {
  lease: string
  turn: number
  held: Held[]
  acks: Ack[]
  /** The last turns that were sent, for late copies. */
  sent: TurnRequest[]
  /** Asleep until then; a lease may run out meanwhile. */
  wakesAt: number
}

const PREFIX = '{0}:'
const KINDS = ['payment', 'delivery']
const ACTORS = 40
const HOT = 3
const BURST = 60
const LEASE_MS = 40
const GRACE_MS = 30
/** Never parked: parking is for the tests that know how long it takes. */
const MAX_FAILURES = 1_000_000
/** A round that is not quiet after so long is stuck. */
const STUCK_MS = 4000

export class Fuzz {
  readonly #redis: Redis
  readonly #partition: Partition
  readonly #random: Random
  readonly #model: Model
  readonly #mode: Mode
  readonly #rounds: number
  readonly #addresses: Address[]
  readonly #report: FuzzReport = {
    ...{ violations: [], turns: 0, sent: 0, healed: 0, fenced: 0, old: 0, killed: 0, flushed: 0 },
  }
  #workers: Worker[] = []
  #leases = 0

  /** Calm means that no lease runs out, however slow the machine. */
  get #leaseMs(): number {
    return this.#mode === 'calm' ? 60_000 : LEASE_MS
  }

  constructor({ redis, seed, mode, rounds }: FuzzOptions) {
    this.#redis = redis
    this.#partition = new Partition(redis, PREFIX)
    this.#random = new Random(seed)
    this.#mode = mode
    this.#rounds = rounds
    this.#addresses = Array.from({ length: ACTORS }, (_, i): Address => `${i % 5}/${KINDS[i % 2]}/a${i}`)
    this.#model = new Model(this.#random, this.#addresses)
  }

  async run(): Promise<FuzzReport> {
    await this.#redis.flushdb()
    this.#workers = [this.#worker(), this.#worker(), this.#worker()]
    for (let round = 0; round < this.#rounds && this.#report.violations.length === 0; round++) await this.#round()
    this.#report.fenced = this.#model.fenced
    this.#broken(...this.#model.violations())
    if (this.#mode === 'calm' && this.#report.fenced > 0) this.#broken(`${this.#report.fenced} actors were had twice`)
    return this.#report
  }

  async #round(): Promise<void> {
    for (let left = BURST; left > 0; ) {
      const count = Math.min(left, this.#random.below(4))
      for (let i = 0; i < count; i++) await this.#send(this.#anyone())
      left -= count
      await this.#stepAll()
    }
    const started = wallMs()
    while (this.#report.violations.length === 0 && !(await this.#isQuiet())) {
      if (wallMs() - started > STUCK_MS) return this.#broken('it did not become quiet')
      await this.#stepAll()
    }
    this.#broken(...(await audit(this.#redis, PREFIX, KINDS)))
    if (!this.#model.isDone) this.#broken('all is quiet, and not all is done')
  }

  #broken(...lines: string[]): void {
    this.#report.violations.push(...lines)
  }

  /** Half of what is sent goes to a few, so that doorbells ring while somebody has them in hand. */
  #anyone(): Address {
    return this.#addresses[this.#random.below(this.#random.chance(0.5) ? HOT : ACTORS)] as Address
  }

  async #send(address: Address): Promise<void> {
    this.#model.send(address)
    this.#report.sent++
    const calm = this.#mode === 'calm'
    if (!calm && this.#random.chance(0.05)) return
    const bells = [{ address, envelope: '!' }]
    await this.#partition.send(1000, bells)
    if (!calm && this.#random.chance(0.03)) await this.#partition.send(1000, bells)
  }

  async #stepAll(): Promise<void> {
    for (const worker of [...this.#workers]) {
      if (worker.wakesAt <= wallMs() && this.#random.chance(0.8)) await this.#step(worker)
    }
    if (this.#mode !== 'calm' && this.#random.chance(0.05)) await this.#sweep()
    if (this.#mode === 'flush' && this.#random.chance(0.004)) {
      await this.#redis.flushdb()
      this.#report.flushed++
    }
  }

  async #step(worker: Worker): Promise<void> {
    this.#carry(worker)
    if (this.#mode !== 'calm' && (await this.#goesWrong(worker))) return
    const request = this.#request(worker)
    worker.acks = []
    worker.sent.push(request)
    if (worker.sent.length > 4) worker.sent.shift()
    this.#report.turns++
    // Its answer was lost: the same turn again.
    if (this.#random.chance(0.2)) await this.#partition.turn(request)
    const reply = await this.#partition.turn(request)
    if (reply.state !== 'ok') {
      this.#workers[this.#workers.indexOf(worker)] = this.#worker()
      return
    }
    const token = `${worker.lease}:${worker.turn}`
    for (const claim of reply.claims) worker.held.push({ ...claim, token, snapshot: null })
    if (this.#mode === 'calm') await this.#compareClaims()
    // A copy of an older turn that was stuck in the buffers of a dead connection.
    const late = worker.sent.at(-2)
    if (late && this.#random.chance(0.03) && (await this.#partition.turn(late)).state === 'OLD') this.#report.old++
  }

  /** A worker dies, and may be buried at once; or it sleeps, perhaps past its lease, with what it has in hand. */
  async #goesWrong(worker: Worker): Promise<boolean> {
    if (this.#random.chance(0.01)) {
      this.#report.killed++
      this.#workers[this.#workers.indexOf(worker)] = this.#worker()
      if (this.#random.chance(0.5)) await this.#partition.leave(worker.lease, true, MAX_FAILURES)
      return true
    }
    if (this.#random.chance(0.03)) {
      worker.wakesAt = wallMs() + this.#random.below(2 * LEASE_MS)
      return true
    }
    return false
  }

  /** On with what is in hand: load, some time later commit, then the ack. */
  #carry(worker: Worker): void {
    const going: Held[] = []
    for (const held of worker.held) {
      held.snapshot ??= this.#model.load(held.address)
      if (this.#random.chance(0.3)) going.push(held)
      else worker.acks.push(this.#end(held, held.snapshot))
    }
    worker.held = going
  }

  #end({ address, token, doorbells }: Held, snapshot: Snapshot): Ack {
    const ack = { address, token, consumed: 0, restMs: 1 + this.#random.below(4), nextMs: -1 }
    const roll = this.#random.next()
    if (roll < 0.02) return { ...ack, outcome: 'fail' }
    if (roll < 0.05) return { ...ack, outcome: 'rest' }
    if (!this.#model.commit(snapshot, 1 + this.#random.below(4))) return { ...ack, outcome: 'rest' }
    return { ...ack, consumed: doorbells, outcome: 'ok', nextMs: this.#model.nextMs(address, snapshot.sent) }
  }

  #request(worker: Worker): TurnRequest {
    worker.turn++
    const want = { payment: this.#random.below(6), delivery: this.#random.below(6) }
    return {
      ...{ lease: worker.lease, turn: worker.turn, leaseMs: this.#leaseMs, alarms: 1 + this.#random.below(9), want },
      ...{ maxFailures: MAX_FAILURES, acks: worker.acks },
    }
  }

  /** In calm, who holds an actor is its only owner, and Redis says so. */
  async #compareClaims(): Promise<void> {
    const own = await this.#redis.hgetall(`${PREFIX}own`)
    for (const { address, token } of this.#workers.flatMap(({ held }) => held)) {
      if (own[address] !== token) this.#broken(`${address} is held by ${token}, and Redis says ${own[address]}`)
    }
  }

  async #sweep(): Promise<void> {
    const owed = this.#model.overdue(GRACE_MS).map((address) => ({ address, inMs: 0 }))
    if (owed.length === 0) return
    const digits = await this.#partition.nudge(owed)
    this.#report.healed += digits.replaceAll('0', '').length
  }

  /** Nobody has anything to do: in Redis, in a worker's hands, or - with a sweep to find it - in the truth. */
  async #isQuiet(): Promise<boolean> {
    if (this.#workers.some(({ held, acks }) => held.length + acks.length > 0)) return false
    const { running, alarms, resting, ready } = await this.#partition.gauges(KINDS)
    if (running + alarms + resting + ready.reduce((a, b) => a + b, 0) > 0) {
      await new Promise((resolve) => setTimeout(resolve, 1))
      return false
    }
    return this.#mode === 'calm' || this.#model.isDone
  }

  #worker(): Worker {
    this.#leases++
    return { lease: `w${this.#leases}`, turn: 0, held: [], acks: [], sent: [], wakesAt: 0 }
  }
}
