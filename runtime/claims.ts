/**
 * What a worker holds of a partition: from the turn script that claimed an actor, through its load and its turn, to the ack that
 * gives it back. Only claims of the lease that is in force are acked; those of a lost one Redis has freed by itself.
 */
import type { ActorDefinition } from './actor.ts'
import { type Address, parseAddress } from './address.ts'
import { monotonicMs } from './clock.ts'
import type { Committer } from './committer.ts'
import type { Answered } from './effects.ts'
import { halving, type Outcome } from './halving.ts'
import type { Lease } from './lease.ts'
import { HORIZON_MS, MAX_REST_MS } from './limits.ts'
import type { Observer } from './observer.ts'
import type { Ack, Claim } from './scripts.ts'
import { type Loaded, StoreAway } from './storage.ts'
import { ActorTurn, type TurnResult } from './turn.ts'

export interface ClaimsOptions {
  /** Shown in journals. */
  worker: string
  actors: Map<string, ActorDefinition>
  committers: Map<string, Committer>
  ring: (addresses: Address[]) => void
  reply: (to: Answered, address: Address) => void
  observer: Observer | undefined
  /** Called once for every claim that was taken, when it has ended. */
  onEnded: (kind: string, result: TurnResult, address: Address) => void
}

interface Held {
  address: Address
  kind: string
  id: string
  doorbells: number
  token: string
  lease: Lease
}

/** A claim that has ended and waits for its ack. */
export interface Ended {
  held: Held
  result: TurnResult
}

/** Rest after a load that failed for nobody's fault. */
const LOAD_REST_MS = 250
/** A doorbell for nobody: there is no such row, so nothing can be due. */
const NOBODY: TurnResult = { outcome: 'ok', restMs: 0, dueAt: null }

export class Claims {
  readonly #options: ClaimsOptions
  #lease: Lease
  /** Under way, of the lease in force, by address. */
  #held = new Map<string, Held>()
  /** Taken and not begun, by kind. */
  #taken = new Map<string, Held[]>()
  #ended: Ended[] = []
  #underWay = 0

  constructor(options: ClaimsOptions, lease: Lease) {
    this.#options = options
    this.#lease = lease
  }

  /** Turns under way, those of lost leases included. */
  get underWay(): number {
    return this.#underWay
  }

  /** Ended, and not yet taken for an ack. */
  get ended(): number {
    return this.#ended.length
  }

  /** Whatever was claimed under the lease before is no longer acked. */
  under(lease: Lease): void {
    this.#lease = lease
    this.#held = new Map()
    this.#ended = []
  }

  /** From now on they are under way. Answers how many there are of each kind. */
  take(claims: Claim[], token: string): Map<string, number> {
    const counts = new Map<string, number>()
    for (const { address, doorbells } of claims) {
      const { kind, id } = parseAddress(address)
      const held = { address, kind, id, doorbells, token, lease: this.#lease }
      this.#held.set(address, held)
      const group = this.#taken.get(kind)
      if (group) group.push(held)
      else this.#taken.set(kind, [held])
      counts.set(kind, (counts.get(kind) ?? 0) + 1)
    }
    this.#underWay += claims.length
    return counts
  }

  /** Begins the turns of whatever was taken: once the next round is on its way, so that Redis and this process work side by side. */
  begin(): void {
    const taken = this.#taken
    this.#taken = new Map()
    for (const [kind, group] of taken) void this.#carry(kind, group)
  }

  /** Up to `max` that have ended, for one turn's acks. */
  takeEnded(max: number): Ended[] {
    return this.#ended.splice(0, max)
  }

  /**
   * Compares with what Redis says is whose. What is ours there and unknown here was claimed by a turn whose answer never came:
   * it joins the acks, to be looked at again.
   */
  reconcile(own: Record<string, string>): void {
    const ours = `${this.#lease.id}:`
    const acking = new Set(this.#ended.map(({ held }) => held.address))
    for (const [address, token] of Object.entries(own)) {
      if (!token.startsWith(ours) || this.#held.has(address) || acking.has(address as Address)) continue
      const held = { address: address as Address, ...parseAddress(address), doorbells: 0, token, lease: this.#lease }
      this.#ended.push({ held, result: { outcome: 'rest', restMs: 0, dueAt: null } })
    }
  }

  /** Loads a group in one statement, then runs its turns side by side. */
  async #carry(kind: string, group: Held[]): Promise<void> {
    const definition = this.#options.actors.get(kind) as ActorDefinition
    const loads = await loadGroup(definition, group)
    for (const [i, held] of group.entries()) {
      const load = loads[i] as Outcome<Loaded<unknown> | undefined>
      if ('error' in load) this.#end(held, failedLoad(load.error))
      else if (load.result === undefined) this.#end(held, NOBODY)
      else void this.#turn(definition, held, load.result)
    }
  }

  async #turn(definition: ActorDefinition, held: Held, loaded: Loaded<unknown>): Promise<void> {
    const { worker, committers, ring, reply, observer } = this.#options
    const committer = committers.get(held.kind) as Committer
    const turn = new ActorTurn(definition, loaded, { worker, lease: held.lease, committer, ring, reply })
    const started = monotonicMs()
    const result = await turn.run()
    observer?.turn(held.kind, result.outcome, monotonicMs() - started)
    this.#end(held, result)
  }

  #end(held: Held, result: TurnResult): void {
    this.#underWay--
    if (held.lease === this.#lease) {
      this.#held.delete(held.address)
      this.#ended.push({ held, result })
    }
    this.#options.onEnded(held.kind, result, held.address)
  }
}

/** One outcome a claim: the row, nothing when there is none, or what was wrong with it. */
async function loadGroup(definition: ActorDefinition, group: Held[]): Promise<Outcome<Loaded<unknown> | undefined>[]> {
  return await halving(group, async (claims) => {
    const rows = new Map((await definition.store.load(claims.map(({ id }) => id))).map((row) => [row.id, row]))
    return claims.map(({ id }) => rows.get(id))
  })
}

function failedLoad(error: unknown): TurnResult {
  const base = { restMs: LOAD_REST_MS, dueAt: null, error }
  return error instanceof StoreAway ? { ...base, outcome: 'rest', storeAway: true } : { ...base, outcome: 'fail' }
}

/** Written when it is sent, so that an alarm rings when it is due and not a queue's length later. */
export function toAck({ held: { address, token, doorbells }, result: { outcome, restMs, dueAt } }: Ended): Ack {
  const next = dueAt === null ? Number.POSITIVE_INFINITY : dueAt - monotonicMs()
  return {
    address,
    token,
    // The load came after the claim, so it saw whatever these doorbells rang for.
    consumed: outcome === 'ok' ? doorbells : 0,
    outcome,
    restMs: wholeMs(restMs, MAX_REST_MS),
    nextMs: next > HORIZON_MS ? -1 : wholeMs(next, HORIZON_MS),
  }
}

/** A script can't take back what it did before it met a number that is none. */
function wholeMs(ms: number, max: number): number {
  return ms > 0 ? Math.ceil(Math.min(ms, max)) : 0
}
