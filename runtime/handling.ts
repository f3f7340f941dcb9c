/**
 * What a handler holds while it handles one message. It notes what the handler wants in its own effects and its own timers, so a
 * handler that throws leaves no trace; and it is dead once the handler has ended, so that one which was left behind, or has left
 * a promise floating, can't reach into what comes after it.
 */

import type { Abort } from './abort.ts'
import { Fenced, LeaseLost, type Message, type Turn } from './actor.ts'
import type { Address } from './address.ts'
import { type Effects, noEffects } from './effects.ts'
import type { Lease } from './lease.ts'
import type { Note, Timers } from './storage.ts'

/** What the handlings of one turn share. */
export interface TurnScope {
  readonly address: Address
  readonly tenant: string
  readonly lease: Lease
  readonly abort: Abort
  now(): number
  save(handling: Handling): Promise<void>
}

export class Handling implements Turn<unknown, unknown> {
  readonly message: Message<unknown>
  readonly effects: Effects = noEffects()
  readonly timers: Timers
  readonly #scope: TurnScope
  #over = false

  constructor(scope: TurnScope, message: Message<unknown>, timers: Timers) {
    this.#scope = scope
    this.message = message
    this.timers = { ...timers }
    if (message.kind === 'timer') delete this.timers[message.name]
  }

  /** From now on it refuses everything. */
  end(): void {
    this.#over = true
  }

  get address(): Address {
    return this.#scope.address
  }

  get tenant(): string {
    return this.#scope.tenant
  }

  get signal(): AbortSignal {
    return this.#scope.abort.signal
  }

  now(): number {
    return this.#scope.now()
  }

  send(address: Address): void {
    this.#open.sends.push(address)
  }

  schedule(name: string, delayMs: number): void {
    if (!(delayMs >= 0 && Number.isFinite(delayMs))) {
      throw new RangeError(`a timer's delay is 0 or more ms, not ${delayMs}`)
    }
    const due = Math.ceil(this.now() + delayMs)
    this.#open.scheduled[name] = due
    this.timers[name] = due
  }

  cancel(name: string): void {
    delete this.#open.scheduled[name]
    delete this.timers[name]
  }

  scheduled(name: string): boolean {
    return name in this.timers
  }

  write(row: unknown): void {
    this.#open.rows.push(row)
  }

  emit(event: unknown): void {
    this.#open.events.push(event)
  }

  reply(result: unknown): void {
    const { results } = this.#open
    if (this.message.kind === 'command' && results.length === 0) results.push({ seq: this.message.seq, result })
  }

  note(note: Omit<Note, 'at'>): void {
    this.#open.notes.push({ ...note, at: Math.round(this.now()) })
  }

  async save(): Promise<void> {
    if (this.#open) await this.#scope.save(this)
  }

  async effect<T>(act: (signal: AbortSignal, mayLeave: () => void) => Promise<T>): Promise<T> {
    const mayLeave = () => this.#mayLeave()
    mayLeave()
    return await act(this.#scope.abort.signal, mayLeave)
  }

  #mayLeave(): void {
    const { lease, abort } = this.#scope
    if (this.#open && lease.leftMs <= 0) throw new LeaseLost('the lease may have run out')
    if (abort.reason) throw abort.reason
  }

  get #open(): Effects {
    if (this.#over) throw new Fenced('this turn is over')
    return this.effects
  }
}
