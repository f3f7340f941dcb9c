/**
 * Commits in groups, one queue a kind: while one statement is on the wire, finished turns wait, and the next one takes them
 * all. A group that can't be written is halved until the culprit stands alone, so one bad turn fails nobody else's.
 */
import type { Address } from './address.ts'
import { Batcher } from './batcher.ts'
import { COMMITS_A_GROUP, COMMITS_WAITING } from './limits.ts'
import { type Commit, type Store, StoreAway } from './storage.ts'

type AnyCommit = Commit<unknown, unknown, unknown>
type Outcome = { children: Address[] | null } | { error: unknown }

export class Committer {
  readonly #batcher: Batcher<AnyCommit, Outcome>

  constructor(store: Store<unknown, unknown, unknown>) {
    this.#batcher = new Batcher((group) => commitGroup(store, group), {
      max: COMMITS_A_GROUP,
      concurrency: 1,
      limit: COMMITS_WAITING,
    })
  }

  /** Newborn children that want a doorbell; null: fenced, and nothing was written. Throws StoreAway, or what makes this commit unwritable. */
  async commit(commit: AnyCommit): Promise<Address[] | null> {
    const outcome = await this.#batcher.add(commit)
    if ('error' in outcome) throw outcome.error
    return outcome.children
  }
}

async function commitGroup(store: Store<unknown, unknown, unknown>, group: AnyCommit[]): Promise<Outcome[]> {
  try {
    return (await store.commit(group)).map((children) => ({ children }))
  } catch (error) {
    if (error instanceof StoreAway || group.length === 1) return group.map(() => ({ error }))
    const half = group.length >> 1
    return [...(await commitGroup(store, group.slice(0, half))), ...(await commitGroup(store, group.slice(half)))]
  }
}
