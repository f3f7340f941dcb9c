/**
 * Accepting in groups: while one statement is on the wire, requests wait, and the next one takes them all. What one request
 * did wrong fails that request alone.
 */
import { Batcher } from '../../runtime/batcher.ts'
import { StoreAway } from '../../runtime/storage.ts'
import { isStoreAway, sqlState } from '../../schema/database.ts'
import { storeError } from '../away.ts'

export interface GroupOptions {
  /** Items in one statement at most. */
  max: number
  /**
   * True when the statement may run twice over the same items and does its work once. It then is run again when its outcome
   * is unknown, so that a dropped connection costs nobody a 503 for a payment that stands.
   */
  repeatable: boolean
}

/** One: a second beside it halves the groups, and two half groups cost Postgres a fifth more than a whole one. */
const STATEMENTS_AT_ONCE = 1
/** A second's worth and more: who waits longer is better told to come back. */
const WAITING = 10_000

type Outcome<Result> = { result: Result } | { error: unknown }

/** What takes items one by one and runs them together. Rejects with Overloaded, StoreAway, or what is wrong with the item. */
export function grouped<Item, Result>(
  run: (items: Item[]) => Promise<Result[]>,
  { max, repeatable }: GroupOptions,
): (item: Item) => Promise<Result> {
  const batcher = new Batcher<Item, Outcome<Result>>((items) => runHalving(items, repeatable ? repeating(run) : run), {
    max,
    concurrency: STATEMENTS_AT_ONCE,
    limit: WAITING,
  })
  return async (item) => {
    const outcome = await batcher.add(item)
    if ('error' in outcome) throw outcome.error
    return outcome.result
  }
}

/** Halves what can't be written until the culprit stands alone. An outcome for each item, because half of them may stand. */
async function runHalving<Item, Result>(
  items: Item[],
  run: (items: Item[]) => Promise<Result[]>,
): Promise<Outcome<Result>[]> {
  try {
    return (await run(items)).map((result) => ({ result }))
  } catch (thrown) {
    const error = storeError(thrown, items.length)
    if (error instanceof StoreAway || items.length === 1) return items.map(() => ({ error }))
    const half = items.length >> 1
    return [...(await runHalving(items.slice(0, half), run)), ...(await runHalving(items.slice(half), run))]
  }
}

/** Once more when nobody knows whether the first run stands: the connection dropped, and the server said nothing. */
function repeating<Item, Result>(run: (items: Item[]) => Promise<Result[]>) {
  return async (items: Item[]): Promise<Result[]> => {
    try {
      return await run(items)
    } catch (error) {
      if (!isStoreAway(error) || sqlState(error) !== undefined) throw error
      return await run(items)
    }
  }
}
