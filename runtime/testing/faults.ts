/** What may go wrong with a store, on a test's order. */
import { StoreAway } from '../storage.ts'

export type Call = 'load' | 'commit' | 'owed' | 'answers'

export class Faults {
  /** Every call throws StoreAway. */
  away = false
  readonly #held = new Map<Call, Promise<void>>()
  readonly #arrived = new Map<Call, () => void>()
  readonly #refused = new Map<string, Call>()
  #lostOutcomes = 0

  /** From now on such calls wait until `release`. `arrived` resolves when the first one does. */
  hold(call: Call): { arrived: Promise<void>; release: () => void } {
    const gate = Promise.withResolvers<void>()
    const arrived = Promise.withResolvers<void>()
    this.#held.set(call, gate.promise)
    this.#arrived.set(call, arrived.resolve)
    const release = () => {
      if (this.#held.get(call) === gate.promise) this.#held.delete(call)
      gate.resolve()
    }
    return { arrived: arrived.promise, release }
  }

  /** No such call that contains this actor can be carried out: what is wrong with it is its own. */
  refuse(call: Call, id: string): void {
    this.#refused.set(id, call)
  }

  /** The next commit is written, and its caller hears that the connection dropped. */
  loseNextOutcome(): void {
    this.#lostOutcomes++
  }

  takeLostOutcome(): boolean {
    if (this.#lostOutcomes === 0) return false
    this.#lostOutcomes--
    return true
  }

  /** Called by the store before it does anything. */
  async meet(call: Call, ids: string[] = []): Promise<void> {
    this.#arrived.get(call)?.()
    await this.#held.get(call)
    if (this.away) throw new StoreAway('the store is away')
    const refused = ids.find((id) => this.#refused.get(id) === call)
    if (refused !== undefined) throw new Error(`${refused} can't be part of a ${call}`)
  }
}
