/**
 * Runs a group; one that can't be run as it is, is halved until the culprit stands alone. So whatever is wrong with one item fails
 * that item, and nobody else's.
 */
import { StoreAway } from './storage.ts'

export type Outcome<Result> = { result: Result } | { error: unknown }

/** One outcome an item, in order. An outage says nothing about any item, so it is not halved. */
export async function halving<Item, Result>(
  items: Item[],
  run: (items: Item[]) => Promise<Result[]>,
): Promise<Outcome<Result>[]> {
  try {
    return (await run(items)).map((result) => ({ result }))
  } catch (error) {
    if (error instanceof StoreAway || items.length === 1) return items.map(() => ({ error }))
    const half = items.length >> 1
    return [...(await halving(items.slice(0, half), run)), ...(await halving(items.slice(half), run))]
  }
}
