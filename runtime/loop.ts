/**
 * A worker's loop in one partition. One fused script a round: it carries all acks of turns that have ended, renews the lease,
 * rings alarms and claims as many actors as there are free slots. Batches form by themselves under load, and an idle partition
 * costs one blocked call.
 */
import { setImmediate as afterThisTick } from 'node:timers/promises'
import type { ActorDefinition } from './actor.ts'
import type { Address } from './address.ts'
import { Claims } from './claims.ts'
import { monotonicMs } from './clock.ts'
import type { Committer } from './committer.ts'
import type { Answered } from './effects.ts'
import { Lease } from './lease.ts'
import { ACKS_A_TURN, MAX_FAILURES } from './limits.ts'
import type { Observer } from './observer.ts'
import type { StoreOutage } from './outage.ts'
import type { RedisConnection } from './redis.ts'
import { type Answer, type Round, send } from './round.ts'
import { Partition } from './scripts.ts'
import { Signal } from './signal.ts'
import type { Slots } from './slots.ts'
import type { TurnResult } from './turn.ts'
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
  outage: StoreOutage
  /** 0..1: how much of the free slots may be claimed now. */
  share: () => number
  observer: Observer | undefined
  onLease: (leases: { gone: string | null; taken: string | null }) => void
  ring: (addresses: Address[]) => void
  reply: (to: Answered, address: Address) => void
  onError: (error: unknown, what: string) => void
}

/** Tries between two reports of the same trouble. */
const REPORT_EVERY = 100
/** A worker that stops, with nothing under way, waits this long for a Redis that does not answer. */
const STOPPING_MS = 2000
/** Acks may wait this long for company while there is little to claim. */
const GATHER_MS = 2
const AUDIT_MS = 10_000

export class PartitionLoop {
  readonly #options: LoopOptions
  readonly #partition: Partition
  readonly #claims: Claims
  readonly #signal = new Signal()
  readonly #waker: Waker
  #lease: Lease
  /** Ready and unclaimed by kind, as the last round said. */
  #left: Record<string, number> = {}
  #gathering = false
  #waiting = false
  #stoppedAt: number | null = null
  #auditAt = monotonicMs() + AUDIT_MS
  #running: Promise<void> | null = null

  constructor(options: LoopOptions) {
    this.#options = options
    this.#partition = new Partition(options.commands, options.prefix)
    this.#waker = new Waker(options.blocking, options.prefix, () => this.#signal.notify())
    this.#lease = this.#takeLease(null)
    this.#claims = new Claims({ ...options, onEnded: (...ended) => this.#onEnded(...ended) }, this.#lease)
  }

  get underWay(): number {
    return this.#claims.underWay
  }

  start(): void {
    this.#running ??= this.#run()
  }

  /** A slot is free where there was none: work that was left, or rings from now on, may be claimed. */
  poke(): void {
    if (this.#canClaim()) this.#signal.notify()
    else if (this.#waiting) this.#listen()
  }

  /** Claims nothing more; waits until what is under way has ended, at most `graceMs`, then aborts it; acks, and leaves. */
  async drain(graceMs: number): Promise<void> {
    this.#stoppedAt = monotonicMs()
    this.#signal.notify()
    const abort = setTimeout(() => this.#lease.lose(), graceMs)
    await this.#running
    clearTimeout(abort)
    this.#waker.close()
    await this.#leave(this.#lease)
    this.#options.onLease({ gone: this.#lease.id, taken: null })
  }

  async #run(): Promise<void> {
    while (!this.#hasEnded()) {
      const round = this.#compose()
      const answering = send(this.#partition, round, (error, tries) => this.#onTrouble(error, tries))
      this.#claims.begin()
      const nextMs = this.#settle(round, await answering)
      if (nextMs !== 0) this.#claims.begin()
      if (nextMs === null) return
      await this.#audit()
      if (nextMs > 0 && !this.#hasEnded()) await this.#wait(nextMs)
    }
  }

  #hasEnded(): boolean {
    return this.#stoppedAt !== null && this.#claims.underWay === 0 && this.#claims.ended === 0
  }

  #compose(): Round {
    const { slots, outage, share } = this.#options
    return {
      lease: this.#lease,
      turn: this.#lease.nextTurn(),
      acked: this.#claims.takeEnded(ACKS_A_TURN),
      want: slots.reserve(share(), this.#stoppedAt === null ? outage.limit : 0),
    }
  }

  #onTrouble(error: unknown, tries: number): 'again' | 'give up' {
    if (tries % REPORT_EVERY === 1) this.#options.onError(error, 'turn')
    if (this.#claims.underWay > 0) {
      if (this.#lease.leftMs <= 0) this.#lease.lose()
      return 'again'
    }
    const hasWaited = this.#stoppedAt !== null && monotonicMs() - this.#stoppedAt > STOPPING_MS
    return hasWaited ? 'give up' : 'again'
  }

  /** Answers how soon the next round is wanted, should nothing happen before, ms; null: never, Redis does not answer. */
  #settle({ lease, turn, want }: Round, answer: Answer | null): number | null {
    const reply = answer?.reply
    const claims = reply?.state === 'ok' && !lease.lost ? reply.claims : []
    if (answer && reply?.state === 'ok') lease.renew(answer.sent)
    const taken = this.#claims.take(claims, lease.token(turn))
    for (const kind in want) this.#options.slots.release(kind, (want[kind] as number) - (taken.get(kind) ?? 0))
    if (!reply) return null
    if (reply.state === 'OLD') return 0
    if (reply.state !== 'ok' || lease.lost) {
      // FENCED: this Redis does not know us: we were taken for dead, or it lost its data. Whatever is under way is void there. Lost but
      // known there, because it was given up here while Redis was silent, or by a drain out of time: free what it holds, at nobody's cost.
      if (reply.state === 'ok') void this.#leave(lease)
      lease.lose()
      this.#lease = this.#takeLease(lease)
      this.#claims.under(this.#lease)
      return 0
    }
    this.#left = reply.left
    if (claims.length > 0) this.#options.outage.look()
    return this.#canClaim() ? 0 : Math.min(lease.ms / 4, reply.nextMs ?? Number.POSITIVE_INFINITY)
  }

  #takeLease(gone: Lease | null): Lease {
    const lease = new Lease(this.#options.worker, this.#options.leaseMs)
    this.#options.onLease({ gone: gone?.id ?? null, taken: lease.id })
    return lease
  }

  async #leave({ id }: Lease): Promise<void> {
    await this.#partition.leave(id, false, MAX_FAILURES).catch((error) => this.#options.onError(error, 'leave'))
  }

  #onEnded(kind: string, result: TurnResult, address: Address): void {
    const { slots, outage, onError } = this.#options
    slots.release(kind, 1)
    if (result.error) onError(result.error, address)
    if (result.storeAway) outage.begin()
    else if (result.outcome === 'ok') outage.end()
    this.#notifySoon(this.#left[kind] !== 0 && slots.manyFree(kind))
  }

  /** At once when there is much to do, or to end; else a moment later, so that acks travel together. */
  #notifySoon(much: boolean): void {
    if (much || this.#stoppedAt !== null || this.#claims.ended >= ACKS_A_TURN / 2) return this.#signal.notify()
    if (this.#gathering) return
    this.#gathering = true
    setTimeout(() => {
      this.#gathering = false
      this.#signal.notify()
    }, GATHER_MS)
  }

  #canClaim(): boolean {
    const { slots, outage } = this.#options
    if (this.#stoppedAt !== null || outage.pauseMs > 0) return false
    for (const kind in this.#left) if (this.#left[kind] !== 0 && slots.free(kind) > 0) return true
    return false
  }

  async #wait(ms: number): Promise<void> {
    this.#waiting = true
    this.#listen()
    const { pauseMs } = this.#options.outage
    await this.#signal.wait(pauseMs > 0 ? pauseMs : ms)
    this.#waiting = false
    // Whatever ends in the same tick comes along.
    await afterThisTick()
  }

  #listen(): void {
    const { slots, outage } = this.#options
    if (this.#stoppedAt !== null || outage.pauseMs > 0) return
    const kinds = slots.kinds.filter((kind) => slots.free(kind) > 0)
    this.#waker.arm(kinds, kinds.length === slots.kinds.length)
  }

  /** Now and then, gives back what Redis says is ours and nobody here holds. */
  async #audit(): Promise<void> {
    if (monotonicMs() < this.#auditAt) return
    this.#auditAt = monotonicMs() + AUDIT_MS
    try {
      this.#claims.reconcile(await this.#options.commands.hgetall(`${this.#options.prefix}own`))
    } catch (error) {
      this.#options.onError(error, 'audit')
    }
  }
}
