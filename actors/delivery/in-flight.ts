/** Counts calls under way by endpoint, so that one slow receiver can't take all of a worker's slots. */
export class InFlight {
  readonly #limit: number
  readonly #calls = new Map<string, number>()

  constructor(limit: number) {
    this.#limit = limit
  }

  /** null: the endpoint has as many as it may. Else call what is returned, once, when the call has ended. */
  enter(endpointId: string): (() => void) | null {
    const calls = this.#calls.get(endpointId) ?? 0
    if (calls >= this.#limit) return null
    this.#calls.set(endpointId, calls + 1)
    return () => {
      const left = (this.#calls.get(endpointId) ?? 1) - 1
      if (left === 0) this.#calls.delete(endpointId)
      else this.#calls.set(endpointId, left)
    }
  }
}
