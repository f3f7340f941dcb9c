/**
 * The truth as the fuzz keeps it: what every actor was sent, what was really handled and in which order, and the life of every timer.
 * At the end it tells what the scripts have lost, repeated or mixed up.
 */
import type { Address } from '../../runtime/address.ts'
import { wallMs } from '../../runtime/clock.ts'
import type { Random } from './random.ts'

interface Timer {
  at: number
  /** Canceled or replaced: it must not fire any more. */
  over: boolean
  firedAt: number | null
}

interface Row {
  version: number
  sent: number
  handled: number
  timers: Map<string, Timer>
}

/** What a worker read of an actor. */
export interface Snapshot {
  address: Address
  version: number
  handled: number
  sent: number
  timers: Map<string, Timer>
  at: number
}

const TIMERS = ['inquire', 'expire'] as const
/** Timers lie so far ahead at most, ms. */
const TIMER_MS = 25

export class Model {
  readonly #random: Random
  readonly #rows = new Map<Address, Row>()
  readonly #timers: Timer[] = []
  readonly #broken: string[] = []
  /** Commits that a newer version refused. */
  fenced = 0

  constructor(random: Random, addresses: Address[]) {
    this.#random = random
    for (const address of addresses) {
      this.#rows.set(address, { version: 0, sent: 0, handled: 0, timers: new Map() })
    }
  }

  send(address: Address): void {
    this.#row(address).sent++
  }

  load(address: Address): Snapshot {
    const { version, handled, sent, timers } = this.#row(address)
    return { address, version, handled, sent, timers: new Map(timers), at: wallMs() }
  }

  /** One transaction, checked by its version: up to `most` commands and whatever timers were due. False: fenced. */
  commit(snapshot: Snapshot, most: number): boolean {
    const row = this.#row(snapshot.address)
    if (row.version !== snapshot.version) {
      this.fenced++
      return false
    }
    const commands = Math.min(snapshot.sent - snapshot.handled, most)
    const due = [...row.timers].filter(([, timer]) => timer.at <= snapshot.at)
    for (const [name, timer] of due) this.#fire(row, name, timer)
    for (let i = 0; i < commands + due.length; i++) this.#reschedule(row)
    row.handled = snapshot.handled + commands
    if (commands + due.length > 0) row.version++
    return true
  }

  /** As an ack says it: to the earliest timer; 0: more is due now; -1: none. */
  nextMs(address: Address, seen: number): number {
    const { handled, timers } = this.#row(address)
    if (handled < seen) return 0
    const earliest = Math.min(...[...timers.values()].map(({ at }) => at))
    return Number.isFinite(earliest) ? Math.max(0, earliest - wallMs()) : -1
  }

  /** Everything sent is handled, and no timer is open. */
  get isDone(): boolean {
    return [...this.#rows.values()].every(({ sent, handled, timers }) => sent === handled && timers.size === 0)
  }

  /** Who has been owed a turn for longer than `graceMs`, as a sweep finds them. */
  overdue(graceMs: number): Address[] {
    const before = wallMs() - graceMs
    return [...this.#rows]
      .filter(([, row]) => row.handled < row.sent || [...row.timers.values()].some(({ at }) => at < before))
      .map(([address]) => address)
  }

  /** What was broken, one line each. */
  violations(): string[] {
    for (const [address, { sent, handled }] of this.#rows) {
      if (handled !== sent) this.#broken.push(`${address}: ${sent - handled} commands were lost`)
    }
    const lost = this.#timers.filter(({ over, firedAt }) => !over && firedAt === null).length
    if (lost > 0) this.#broken.push(`${lost} timers were lost`)
    return this.#broken
  }

  #row(address: Address): Row {
    return this.#rows.get(address) as Row
  }

  #fire(row: Row, name: string, timer: Timer): void {
    if (timer.firedAt !== null) this.#broken.push(`${name} fired twice`)
    if (timer.over) this.#broken.push(`${name} fired after it was canceled`)
    timer.firedAt = wallMs()
    if (timer.firedAt < timer.at) this.#broken.push(`${name} fired ${timer.at - timer.firedAt} ms early`)
    row.timers.delete(name)
  }

  #reschedule(row: Row): void {
    const name = this.#random.of(TIMERS)
    const roll = this.#random.next()
    if (roll >= 0.4) return
    const before = row.timers.get(name)
    if (before) before.over = true
    row.timers.delete(name)
    if (roll >= 0.3) return
    const timer: Timer = { at: wallMs() + this.#random.below(TIMER_MS), over: false, firedAt: null }
    row.timers.set(name, timer)
    this.#timers.push(timer)
  }
}
