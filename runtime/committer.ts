/**
 * Commits in groups, one queue a kind: while one statement is on the wire, finished turns wait, and the next one takes them
 * all. A bad turn fails alone.
 */
import type { Address } from './address.ts'
import { Batcher } from './batcher.ts'
import { monotonicMs } from './clock.ts'
import { halving, type Outcome } from './halving.ts'
import { COMMITS_A_GROUP, COMMITS_WAITING } from './limits.ts'
import type { Commit, Store } from './storage.ts'

type AnyCommit = Commit<unknown, unknown, unknown>

export class Committer {
  readonly #batcher: Batcher<AnyCommit, Outcome<Address[] | null>>

  constructor(store: Store<unknown, unknown, unknown>, observe?: (size: number, ms: number) => void) {
    const carry = async (group: AnyCommit[]) => {
      const started = monotonicMs()
      const outcomes = await halving(group, (commits) => store.commit(commits))
      observe?.(group.length, monotonicMs() - started)
      return outcomes
    }
    this.#batcher = new Batcher(carry, {
      max: COMMITS_A_GROUP,
      // A second statement beside it halves the groups, and two half groups cost more than a whole one.
      concurrency: 1,
      limit: COMMITS_WAITING,
    })
  }

  /**
   * Newborn children that want a doorbell; null: fenced, and nothing was written. Throws StoreAway, Overloaded, or what makes this
   * commit unwritable.
   */
  async commit(commit: AnyCommit): Promise<Address[] | null> {
    const outcome = await this.#batcher.add(commit)
    if ('error' in outcome) throw outcome.error
    return outcome.result
  }
}
