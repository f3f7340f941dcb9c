/**
 * Rows that a request creates, each with its idempotency key, in one statement: a crash leaves both or neither. The
 * key goes first. Rivals for it wait on its unique index, in this statement or in another; the loser writes nothing and
 * reads what the winner answered.
 */
import type { Database, Statement } from '../../schema/database.ts'
import type { IdempotencyKey } from '../accept.ts'

/** A key with the exact bytes that every repeat will be answered with. */
export type CreationKey = IdempotencyKey & { response: string }

const CREATED = 201

export const KEY_COLUMNS = 'key text, fingerprint bytea, response text'

/** Takes the keys of the rows `i`; sorted, so that overlapping groups queue up instead of deadlocking. */
export const KEYS_TAKEN = `taken as (
  insert into idempotency_keys (merchant_id, key, fingerprint, object_id, status, response)
  select merchant_id, key, fingerprint, id, ${CREATED}, response from i where key is not null order by merchant_id, key
  on conflict do nothing returning object_id
)`

/** The rows of `i` that may be created: those without a key, and those that got theirs. */
export const MAY_BE_CREATED = 'key is null or id in (select object_id from taken)'

export function keyColumns(key: CreationKey | null) {
  return { key: key?.key ?? null, fingerprint: key && bytea(key.fingerprint), response: key?.response ?? null }
}

/** Bytes as they stand in JSON for a bytea column. */
export function bytea(bytes: Buffer): string {
  return `\\x${bytes.toString('hex')}`
}

/**
 * Runs a group. False for a row that lost its key. A row without a key that was not created is there already: its id is ours
 * alone, so an earlier run of the same statement wrote it, and only its answer was lost.
 */
export async function create(
  database: Database,
  statement: Statement,
  rows: { id: string; key: string | null }[],
): Promise<boolean[]> {
  const created = await database.run<{ id: string }>(statement, [JSON.stringify(rows)])
  const ids = new Set(created.map(({ id }) => id))
  return rows.map(({ id, key }) => key === null || ids.has(id))
}
