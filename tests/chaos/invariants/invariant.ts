/** A promise, as a function over the facts of a run: it yields whatever breaks it, and nothing when it was kept. */
import type { Facts } from '../facts.ts'

export interface Breach {
  /** Whose, where it is one payment's. */
  payment: string | null
  what: string
}

export interface Invariant {
  /** The promise, in one sentence. */
  name: string
  check(facts: Facts): Iterable<Breach>
}
