/**
 * What a failed statement means to the runtime. Away: nobody's fault, rest and look again. Everything else is the group's
 * own fault, and whoever runs it halves it until the culprit stands alone.
 */
import { StoreAway } from '../runtime/storage.ts'
import { isStoreAway, sqlState } from '../schema/database.ts'

/** A deadlock, a lock waited for too long, a serialization failure: a rival stood in the way, and no row is at fault. */
const RIVAL_STATES: ReadonlySet<string | undefined> = new Set(['40P01', '55P03', '40001'])

/**
 * The error to throw for `error`, which a statement over `items` rows raised. A rival's lock is halved like a data error, so that it
 * holds up only whom it must; the one that remains alone then waits like everybody whose store is away.
 */
export function storeError(error: unknown, items: number): unknown {
  const away = isStoreAway(error) || (items === 1 && RIVAL_STATES.has(sqlState(error)))
  return away ? new StoreAway((error as Error).message, { cause: error }) : error
}

/** Runs what asks the store for one thing, or only reads. Throws StoreAway, or what is wrong with the statement. */
export async function fromStore<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask()
  } catch (error) {
    throw storeError(error, 1)
  }
}
