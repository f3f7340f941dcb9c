/**
 * A worker's loop in one partition. One fused script a round: it carries all acks of turns that have finished, renews the lease,
 * rings alarms and claims as many actors as there are free slots. Batches form by themselves under load, and an idle partition
 * costs one blocked call.
 *
 * When the transport fails, the same round is sent again, with its number: the script knows it, and answers its own claims.
 */
import type { ActorDefinition } from './actor.ts'
import { type Address, parseAddress } from './address.ts'
import { monotonicMs } from './clock.ts'
import type { Committer } from './committer.ts'
import { Lease, sentNow } from './lease.ts'
import { ACKS_A_TURN, ALARMS_A_TURN, HORIZON_MS, MAX_FAILURES } from './limits.ts'
import type { RedisConnection } from './redis.ts'
import { type Ack, type Claim, Partition, type TurnReply, type TurnRequest } from './scripts.ts'
import { Signal } from './signal.ts'
import type { Slots } from './slots.ts'
import { type Loaded, MESSAGES_A_TURN, StoreAway } from './storage.ts'
import { ActorTurn, type TurnResult } from './turn.ts'
import { Waker } from './waker.ts'

export interface LoopOptions {
  /** Shown in journals and leases. */
  worker: string
  prefix: string
  commands: RedisConnection
  blocking: RedisConnection
  leaseMs: number
  actors: Map<string, ActorDefinition>
  committers: Map<string, Committer>
  slots: Slots
  /** 0..1: how much of the free slots may be claimed now; less while the process can't keep up. */
  share: () => number
  /** A slot is free where none was: loops of other partitions may claim again. */
  onFreed: () => void
  onLease: (leases: { gone: string | null; taken: string | null }) => void
  ring: (addresses: Address[]) => void
  reply: (replyTo: string, address: Address, seq: number) => void
  onError: (error: unknown, what: string) => void
}

interface Held {
  claim: Claim
  token: string
  lease: Lease
  /** Answered by the turn; asked for `nextMs` when the ack is written. */
  result: TurnResult | null
}

const RESEND_MS = 100
const STOPPING_TRIES = 20
/** While the store is away nothing is claimed for this long, then a little to see whether it is back. */
const STORE_AWAY_MS = 500
/** An ack may wait this long for company when nothing else asks for a round. */
const ACK_GATHER_MS = 2
const AUDIT_MS = 10_000

export class PartitionLoop {
  readonly #options: LoopOptions
  readonly #partition: Partition
  readonly #signal = new Signal()
  readonly #waker: Waker
  /** Claims under way, by token and address. */
  readonly #held = new Map<string, Held>()
  #finished: Held[] = []
  #lease: Lease
  #left: Record<string, number> = {}
  #storeAwayUntil = 0
  #gathering = false
  #stopping = false
  #auditAt = 0
  #running: Promise<void> | null = null

  constructor(options: LoopOptions) {
    this.#options = options
    this.#partition = new Partition(options.commands, options.prefix)
    this.#waker = new Waker(options.blocking, options.prefix, () => this.#signal.notify())
    this.#lease = this.#takeLease(null)
  }

  get underWay(): number {
    return this.#held.size
  }

  start(): void {
    this.#running ??= this.#run()
  }

  /** Something has changed that may allow claims. */
  poke(): void {
    this.#signal.notify()
  }

  /** Claims nothing more; waits until what is under way has ended, at most `graceMs`, then aborts it; acks, and leaves. */
  async drain(graceMs: number): Promise<void> {
    this.#stopping = true
    this.#signal.notify()
    const abort = setTimeout(() => this.#lease.lose(), graceMs)
    await this.#running
    clearTimeout(abort)
    this.#waker.close()
    await this.#partition
      .leave(this.#lease.id, false, MAX_FAILURES)
      .catch((error) => this.#options.onError(error, 'leave'))
    this.#options.onLease({ gone: this.#lease.id, taken: null })
  }

  async #run(): Promise<void> {
    while (!this.#stopping || this.#held.size > 0 || this.#finished.length > 0) {
      const request = this.#compose()
      const acked = this.#finished.splice(0, ACKS_A_TURN)
      const sent = sentNow()
      const reply = await this.#exchange(request, acked)
      if (reply === null) continue
      this.#settle(request, reply, sent)
      await this.#audit()
      await this.#wait(reply)
    }
  }

  #takeLease(gone: Lease | null): Lease {
    const lease = new Lease(this.#options.worker, this.#options.leaseMs)
    this.#options.onLease({ gone: gone?.id ?? null, taken: lease.id })
    return lease
  }

  #compose(): Omit<TurnRequest, 'acks'> {
    const away = monotonicMs() < this.#storeAwayUntil
    return {
      lease: this.#lease.id,
      turn: this.#lease.nextTurn(),
      leaseMs: this.#options.leaseMs,
      batch: MESSAGES_A_TURN,
      alarms: ALARMS_A_TURN,
      maxFailures: MAX_FAILURES,
      want: this.#options.slots.reserve(this.#stopping || away ? 0 : this.#options.share()),
    }
  }

  #ack({ claim, token, result }: Held): Ack {
    const { outcome, restMs } = result as TurnResult
    const next = (result as TurnResult).nextMs()
    return {
      address: claim.address,
      token,
      // The load came after the claim, so it saw whatever these doorbells rang for.
      consumed: outcome === 'ok' ? claim.envelopes.length : 0,
      outcome,
      restMs: Math.ceil(restMs),
      nextMs: next === null || next > HORIZON_MS ? -1 : Math.ceil(next),
    }
  }

  /**
   * Sends one round until it is answered, each time with the acks' timers as they stand by then. null: this process is stopping
   * and Redis does not answer.
   */
  async #exchange(request: Omit<TurnRequest, 'acks'>, acked: Held[]): Promise<TurnReply | null> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#partition.turn({ ...request, acks: acked.map((held) => this.#ack(held)) })
      } catch (error) {
        if (tries === 1) this.#options.onError(error, 'turn')
        if (this.#held.size > 0 && this.#lease.leftMs <= 0) this.#lease.lose()
        if (this.#stopping && this.#held.size === 0 && tries > STOPPING_TRIES) {
          this.#finished = []
          this.#release(request.want)
          return null
        }
        await new Promise((resolve) => setTimeout(resolve, RESEND_MS))
      }
    }
  }

  #settle(request: Omit<TurnRequest, 'acks'>, reply: TurnReply, sent: { monotonic: number; wall: number }): void {
    if (reply.state !== 'ok') {
      this.#release(request.want)
      if (reply.state === 'FENCED') {
        // This Redis does not know us: we were taken for dead, or it lost its data. Whatever is under way is void there.
        this.#lease.lose()
        this.#finished = []
        this.#lease = this.#takeLease(this.#lease)
      }
      return
    }
    if (this.#lease.signal.aborted) {
      // Given up here while Redis was silent, though Redis still knows it: free what it holds, at nobody's cost.
      this.#partition.leave(this.#lease.id, false, MAX_FAILURES).catch((error) => this.#options.onError(error, 'leave'))
      this.#finished = []
      this.#lease = this.#takeLease(this.#lease)
      this.#release(request.want)
      return
    }
    this.#lease.renew(sent)
    this.#left = reply.left
    this.#start(reply.claims, this.#lease.token(request.turn), request.want)
  }

  #release(want: Record<string, number>): void {
    for (const [kind, count] of Object.entries(want)) this.#options.slots.release(kind, count)
  }

  #start(claims: Claim[], token: string, reserved: Record<string, number>): void {
    const kinds = new Map<string, Held[]>()
    for (const claim of claims) {
      const key = `${token} ${claim.address}`
      if (this.#held.has(key)) continue
      const held: Held = { claim, token, lease: this.#lease, result: null }
      this.#held.set(key, held)
      const { kind } = parseAddress(claim.address)
      kinds.set(kind, [...(kinds.get(kind) ?? []), held])
    }
    for (const [kind, count] of Object.entries(reserved)) {
      this.#options.slots.release(kind, count - (kinds.get(kind)?.length ?? 0))
    }
    for (const [kind, group] of kinds) void this.#handle(kind, group)
  }

  /** Loads a group in one statement, then runs its turns side by side. */
  async #handle(kind: string, group: Held[]): Promise<void> {
    const definition = this.#options.actors.get(kind)
    if (!definition)
      return this.#finishAll(kind, group, failedResult(new Error(`no actor of kind ${kind} is defined here`)))
    let rows: Map<string, Loaded<unknown>>
    try {
      const ids = group.map((held) => parseAddress(held.claim.address).id)
      rows = new Map((await definition.store.load(ids)).map((row) => [row.id, row]))
    } catch (error) {
      return this.#finishAll(kind, group, failedResult(error))
    }
    for (const held of group) {
      const row = rows.get(parseAddress(held.claim.address).id)
      // A doorbell for nobody: there is no such row, so nothing can be due.
      if (!row) this.#finish(kind, held, { outcome: 'ok', restMs: 0, nextMs: () => null, answered: [], ring: [] })
      else void this.#turn(kind, held, definition, row)
    }
  }

  async #turn(kind: string, held: Held, definition: ActorDefinition, row: Loaded<unknown>): Promise<void> {
    const committer = this.#options.committers.get(kind) as Committer
    const turn = new ActorTurn(definition, row, { worker: this.#options.worker, lease: held.lease, committer })
    this.#finish(kind, held, await turn.run().catch(failedResult))
  }

  #finishAll(kind: string, group: Held[], result: TurnResult): void {
    for (const held of group) this.#finish(kind, held, result)
  }

  #finish(kind: string, held: Held, result: TurnResult): void {
    this.#held.delete(`${held.token} ${held.claim.address}`)
    const wasFull = this.#options.slots.free(kind) === 0
    this.#options.slots.release(kind, 1)
    if (wasFull) this.#options.onFreed()
    if (result.error) this.#options.onError(result.error, held.claim.address)
    if (result.storeAway) this.#storeAwayUntil = monotonicMs() + STORE_AWAY_MS
    // These are owed whether or not the lease is still ours: the commit stands.
    if (result.ring.length > 0) this.#options.ring(result.ring)
    for (const { replyTo, seq } of result.answered) this.#options.reply(replyTo, held.claim.address, seq)
    // A claim of a lease that is gone has no ack: Redis has freed the actor already.
    if (held.lease === this.#lease) this.#finished.push({ ...held, result })
    this.#notifySoon()
  }

  /** With work left or a worker that stops, at once; else a moment later, so that acks travel together. */
  #notifySoon(): void {
    const urgent = this.#stopping || this.#finished.length >= ACKS_A_TURN / 2 || this.#claimable()
    if (urgent) this.#signal.notify()
    if (urgent || this.#gathering) return
    this.#gathering = true
    setTimeout(() => {
      this.#gathering = false
      this.#signal.notify()
    }, ACK_GATHER_MS)
  }

  #claimable(): boolean {
    return (
      !this.#stopping &&
      Object.entries(this.#left).some(([kind, left]) => left > 0 && this.#options.slots.free(kind) > 0)
    )
  }

  async #wait(reply: TurnReply): Promise<void> {
    if (reply.state !== 'ok') return
    const away = this.#storeAwayUntil - monotonicMs()
    if (away <= 0 && this.#claimable()) return
    const kinds = [...this.#options.actors.keys()].filter((kind) => this.#options.slots.free(kind) > 0)
    if (!this.#stopping && away <= 0) this.#waker.arm(kinds)
    const next = reply.nextMs ?? Number.POSITIVE_INFINITY
    await this.#signal.wait(Math.min(this.#options.leaseMs / 4, away > 0 ? away : next))
  }

  /** What Redis says is ours and nobody here holds is given back: it was claimed by a round whose answer never came. */
  async #audit(): Promise<void> {
    if (monotonicMs() < this.#auditAt) return
    this.#auditAt = monotonicMs() + AUDIT_MS
    try {
      const own = await this.#options.commands.hgetall(`${this.#options.prefix}own`)
      for (const [address, token] of Object.entries(own)) {
        if (!token.startsWith(`${this.#lease.id}:`) || this.#held.has(`${token} ${address}`)) continue
        if (this.#finished.some((held) => held.token === token && held.claim.address === address)) continue
        const result = { ...failedResult(null), nextMs: () => 0 }
        this.#finished.push({
          claim: { address: address as Address, envelopes: [] },
          token,
          lease: this.#lease,
          result,
        })
      }
    } catch (error) {
      this.#options.onError(error, 'audit')
    }
  }
}

function failedResult(error: unknown): TurnResult {
  const base = { restMs: 250, nextMs: () => null, answered: [], ring: [] }
  if (error === null) return { ...base, outcome: 'ok' }
  if (error instanceof StoreAway) return { ...base, outcome: 'rest', error, storeAway: true }
  return { ...base, outcome: 'fail', error }
}
