/**
 * Workers as bad as a list of moves makes them, on a real Redis and a real Postgres: the scripts hand out actors, and commits are the
 * ones of the payments' store. Nothing waits for time - a lease or a rest ends when a move says so - so a list of moves always
 * does the same, and a bad one can be made shorter until only what matters is left.
 */
import type { Redis } from 'ioredis'
import { paymentStore } from '../../actors/payment/store.ts'
import { type Address, parseAddress, toAddress } from '../../runtime/address.ts'
import { type Ack, Partition, type TurnRequest } from '../../runtime/scripts.ts'
import type { Loaded } from '../../runtime/storage.ts'
import { audit } from '../../runtime/testing/audit.ts'
import { acceptedPayment, newCommand, newEvent, paymentTurn, type Truth } from '../support/truth.ts'

/** `who` and `actor` are numbers of a worker and of an actor. */
export type Move =
  /** A command, written and rung for; `lost`: the doorbell never rings. */
  | { move: 'command'; actor: number; lost: boolean }
  /** `again`: its answer was lost, and it is sent twice. */
  | { move: 'turn'; who: number; want: number; again: boolean }
  | { move: 'load'; who: number }
  /** What was loaded is committed in one group, up to `most` commands each; `acked` says how. */
  | { move: 'commit'; who: number; most: number; acked: Ack['outcome'] }
  /** A copy of the turn before the last one arrives late. */
  | { move: 'late copy'; who: number }
  | { move: 'lease ends'; who: number }
  /** Its claims die with it; `told`: and its supervisor says so. */
  | { move: 'death'; who: number; told: boolean }
  | { move: 'flush' }
  /** Whoever is owed a turn is nudged, as a sweep does. */
  | { move: 'sweep' }

const PREFIX = '{0}:'
const MAX_FAILURES = 1000
const ROUNDS = 60

interface Held {
  address: Address
  doorbells: number
  token: string
  loaded: Loaded<unknown> | null
}

interface Worker {
  lease: string
  turn: number
  held: Held[]
  acks: Ack[]
  sent: TurnRequest[]
}

interface Actor {
  address: Address
  sent: number
  /** Numbers of commands, as commits that Postgres let in have handled them. */
  handled: number[]
  version: number
}

export class Player {
  readonly broken: string[] = []
  /** Commits that were refused, as they had to be. */
  fenced = 0
  readonly #redis: Redis
  readonly #truth: Truth
  readonly #partition: Partition
  readonly #workers: Worker[]
  readonly #actors = new Map<Address, Actor>()
  #leases = 0

  private constructor(redis: Redis, truth: Truth, workers: number) {
    this.#redis = redis
    this.#truth = truth
    this.#partition = new Partition(redis, PREFIX)
    this.#workers = Array.from({ length: workers }, () => this.#newWorker())
  }

  static async open(redis: Redis, truth: Truth, { workers, actors }: { workers: number; actors: number }) {
    await redis.flushdb()
    const player = new Player(redis, truth, workers)
    for (let n = 0; n < actors; n++) {
      const id = await acceptedPayment(truth)
      await truth.query(`update payments set timers = '{}', wake_at = null where id = $1`, [id])
      const address = toAddress({ tenant: truth.tenant, kind: 'payment', id })
      player.#actors.set(address, { address, sent: 0, handled: [], version: 0 })
    }
    return player
  }

  /** After each move every actor stands where exactly one is responsible for it, or nobody has to be. */
  async play(move: Move): Promise<void> {
    await this.#play(move)
    this.broken.push(...(await audit(this.#redis, PREFIX, ['payment'])))
  }

  async #play(move: Move): Promise<void> {
    if (move.move === 'flush') return await this.#flush()
    if (move.move === 'sweep') return await this.#sweep()
    if (move.move === 'command') return await this.#command([...this.#actors.values()][move.actor] as Actor, move.lost)
    const worker = this.#workers[move.who] as Worker
    if (move.move === 'turn') await this.#turn(worker, move.want, move.again)
    else if (move.move === 'load') await this.#load(worker)
    else if (move.move === 'commit') await this.#commit(worker, move.most, move.acked)
    else if (move.move === 'late copy') await this.#lateCopy(worker)
    else if (move.move === 'lease ends') await this.#redis.zadd(`${PREFIX}leases`, 'XX', 1, worker.lease)
    else await this.#death(worker, move.told)
  }

  /** Everybody works until nothing is left to do; `sweeps`: and who was lost is found. Then everything must have happened once. */
  async end({ sweeps }: { sweeps: boolean }): Promise<void> {
    for (let round = 0; !(await this.#isQuiet(sweeps)); round++) {
      if (round === ROUNDS) return void this.broken.push('it does not become quiet')
      if (sweeps) await this.#sweep()
      const resting = await this.#redis.zrange(`${PREFIX}rest`, '0', '-1')
      for (const address of resting) await this.#redis.zadd(`${PREFIX}rest`, 1, address)
      for (const worker of [...this.#workers]) {
        await this.#load(worker)
        await this.#commit(worker, 16, 'ok')
        await this.#turn(worker, 4, false)
      }
    }
    for (const actor of this.#actors.values()) await this.#compare(actor)
  }

  /** With its data a Redis loses which leases there were, so late copies of their first turns are let in: they end by themselves. */
  async #flush(): Promise<void> {
    await this.#redis.flushdb()
    for (const worker of this.#workers) worker.sent = []
  }

  async #command(actor: Actor, lost: boolean): Promise<void> {
    const { id } = parseAddress(actor.address)
    const { outcome } = await this.#truth.acceptance.command(newCommand(this.#truth, id), null)
    if (outcome !== 'accepted') throw new Error(`a command was ${outcome}`)
    actor.sent++
    if (!lost) await this.#partition.send(1000, [{ address: actor.address, envelope: '!' }])
  }

  async #turn(worker: Worker, want: number, again: boolean): Promise<void> {
    worker.turn++
    const request: TurnRequest = {
      ...{ lease: worker.lease, turn: worker.turn, leaseMs: 60_000, alarms: 16, maxFailures: MAX_FAILURES },
      ...{ acks: worker.acks, want: { payment: want } },
    }
    worker.acks = []
    worker.sent.push(request)
    if (again) await this.#partition.turn(request)
    const reply = await this.#partition.turn(request)
    if (reply.state === 'ok') {
      const token = `${worker.lease}:${worker.turn}`
      for (const claim of reply.claims) worker.held.push({ ...claim, token, loaded: null })
      return
    }
    // What it has in hand stays there: it may have loaded it, and will try to commit it.
    Object.assign(worker, { lease: this.#newLease(), turn: 0, sent: [] })
  }

  async #load(worker: Worker): Promise<void> {
    const store = paymentStore(this.#truth.database)
    for (const held of worker.held) {
      held.loaded ??= (await store.load([parseAddress(held.address).id]))[0] ?? null
    }
  }

  async #commit(worker: Worker, most: number, outcome: Ack['outcome']): Promise<void> {
    const ready = worker.held.filter(({ loaded }) => loaded !== null)
    worker.held = worker.held.filter(({ loaded }) => loaded === null)
    const turns = await Promise.all(
      ready.map(async ({ loaded }) => {
        const { id, version, lastSeq, commands } = loaded as Loaded<unknown>
        const results = commands.slice(0, most).map(({ seq }) => ({ seq, result: { status: 200 } }))
        const current = await paymentTurn(this.#truth, id)
        return {
          ...current,
          version,
          lastSeq: results.at(-1)?.seq ?? lastSeq,
          results,
          timers: {},
          events: [newEvent()],
        }
      }),
    )
    const writing = turns.flatMap((turn, n) => (turn.results.length > 0 ? [{ turn, held: ready[n] as Held }] : []))
    const answers =
      writing.length === 0 ? [] : await paymentStore(this.#truth.database).commit(writing.map(({ turn }) => turn))
    for (const [n, { turn, held }] of writing.entries()) {
      this.#judge(this.#actors.get(held.address) as Actor, turn, answers[n] !== null)
    }
    for (const [n, held] of ready.entries()) {
      const loaded = held.loaded as Loaded<unknown>
      const isAll = turns[n]?.results.length === loaded.commands.length
      const ack = { address: held.address, token: held.token, restMs: 60_000, nextMs: isAll ? -1 : 0 }
      worker.acks.push({ ...ack, outcome, consumed: outcome === 'ok' ? held.doorbells : 0 })
    }
  }

  /** A commit is let in when nobody has moved the actor since it was loaded, and only then. */
  #judge(actor: Actor, turn: { version: number; results: { seq: number }[] }, letIn: boolean): void {
    if (letIn && turn.version !== actor.version) {
      this.broken.push(`${actor.address} is at ${actor.version}, and a commit of ${turn.version} was let in`)
    }
    if (!letIn) {
      this.fenced++
      return
    }
    actor.version++
    actor.handled.push(...turn.results.map(({ seq }) => seq))
  }

  async #lateCopy(worker: Worker): Promise<void> {
    const copy = worker.sent.at(-2)
    if (copy && (await this.#partition.turn(copy)).state === 'ok')
      this.broken.push('a copy that was overtaken was obeyed')
  }

  async #death(worker: Worker, told: boolean): Promise<void> {
    if (told) await this.#partition.leave(worker.lease, true, MAX_FAILURES)
    else await this.#redis.zadd(`${PREFIX}leases`, 'XX', 1, worker.lease)
    this.#workers[this.#workers.indexOf(worker)] = this.#newWorker()
  }

  async #sweep(): Promise<void> {
    const owed = [...this.#actors.values()].filter(({ sent, handled }) => handled.length < sent)
    if (owed.length > 0) await this.#partition.nudge(owed.map(({ address }) => ({ address, inMs: 0 })))
  }

  async #isQuiet(sweeps: boolean): Promise<boolean> {
    if (this.#workers.some(({ held, acks }) => held.length + acks.length > 0)) return false
    const { running, resting, parked, ready } = await this.#partition.gauges(['payment'])
    if (running + resting + parked + (ready[0] as number) > 0) return false
    return !sweeps || [...this.#actors.values()].every(({ sent, handled }) => handled.length >= sent)
  }

  /** What commits said, and what stands in Postgres. */
  async #compare({ address, sent, handled, version }: Actor): Promise<void> {
    const { id } = parseAddress(address)
    const expected = Array.from({ length: sent }, (_, n) => n + 1).join()
    if (handled.join() !== expected) this.broken.push(`${address} has handled ${handled} of ${sent} commands`)
    const [stored] = await this.#truth.query<object>(
      `select version, last_seq, (select count(*)::int from inbox where actor_id = p.id and handled_at is null) as open,
        (select count(*)::int from journal where actor_id = p.id) as lines,
        (select count(*)::int from events where payment_id = p.id) as events from payments p where id = $1`,
      [id],
    )
    const found = JSON.stringify(stored)
    const wanted = JSON.stringify({ version, last_seq: sent, open: 0, lines: version, events: version })
    if (found !== wanted) this.broken.push(`${address} stands as ${found} and not as ${wanted}`)
  }

  #newWorker(): Worker {
    return { lease: this.#newLease(), turn: 0, held: [], acks: [], sent: [] }
  }

  #newLease(): string {
    this.#leases++
    return `w${this.#leases}`
  }
}
