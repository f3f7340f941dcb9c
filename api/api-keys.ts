/**
 * A merchant's keys. A secret key is a pair: the key says who, the secret proves it and is shown once. A publishable key has no secret;
 * it stands in pages and opens a checkout. Keys are never deleted, so what they did keeps its author; one that is over has ended.
 */
import { randomBytes } from 'node:crypto'
import { type Selectable, sql } from 'kysely'
import { wallMs } from '../actors/index.ts'
import type { Database } from '../schema/database.ts'
import { GatewayError } from '../schema/errors.ts'
import { hashSecret } from '../schema/secrets.ts'
import type { ApiKeysTable } from '../schema/tables.ts'

type Queries = Pick<Database, 'kysely'>
export type KeyKind = 'secret' | 'publishable'
export type KeyRow = Selectable<ApiKeysTable>

export interface NewKey {
  merchantId: string
  test: boolean
  kind: KeyKind
  name: string | null
}

/** Keys that a merchant may have in use at a time. */
export const MAX_KEYS = 20

/** 20 random bytes are 160 bits: nothing to guess. */
export function newKeyPair(test: boolean): { api_key: string; api_secret: string } {
  const mode = test ? 'test' : 'live'
  return { api_key: newKey('key', test), api_secret: `secret_${mode}_${randomBytes(20).toString('hex')}` }
}

function newKey(prefix: 'key' | 'pk', test: boolean): string {
  return `${prefix}_${test ? 'test' : 'live'}_${randomBytes(12).toString('hex')}`
}

/** Writes a new key; throws BAD_REQUEST_ERROR when there are enough. The secret is known here and never again. */
export async function addKey({ kysely }: Queries, { merchantId, test, kind, name }: NewKey) {
  const mine = await kysely
    .selectFrom('api_keys')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where('merchant_id', '=', merchantId)
    .where(inUse())
    .executeTakeFirstOrThrow()
  if (mine.n >= MAX_KEYS) {
    throw new GatewayError('BAD_REQUEST_ERROR', `a merchant has at most ${MAX_KEYS} keys in use: revoke one first`)
  }
  const pair = kind === 'secret' ? newKeyPair(test) : { api_key: newKey('pk', test) }
  const secret_hash = 'api_secret' in pair ? hashSecret(pair.api_secret) : null
  const row = await kysely
    .insertInto('api_keys')
    .values({ key: pair.api_key, merchant_id: merchantId, kind, name, secret_hash })
    .returningAll()
    .executeTakeFirstOrThrow()
  return { ...keyView(row), ...pair }
}

/** The merchant's key, and nobody else's until the transaction ends: of two who revoke the last two keys one must see the other. */
export async function lockKey({ kysely }: Queries, merchantId: string, key: string): Promise<KeyRow> {
  await kysely.selectFrom('merchants').select('id').where('id', '=', merchantId).forUpdate().execute()
  const row = await kysely
    .selectFrom('api_keys')
    .selectAll()
    .where('key', '=', key)
    .where('merchant_id', '=', merchantId)
    .executeTakeFirst()
  if (!row) throw new GatewayError('NOT_FOUND_ERROR', 'API key not found')
  return row
}

/** Ends a key in so many seconds, unless it ends sooner by itself. */
export async function endKey({ kysely }: Queries, key: string, graceSeconds: number): Promise<KeyRow> {
  return kysely
    .updateTable('api_keys')
    .set({ expires_at: sql`least(expires_at, now() + make_interval(secs => ${graceSeconds}))` })
    .where('key', '=', key)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Throws CONFLICT_ERROR when nothing but this key proves who the merchant is. */
export async function requireAnother({ kysely }: Queries, { merchant_id, key, kind }: KeyRow): Promise<void> {
  if (kind === 'publishable') return
  const other = await kysely
    .selectFrom('api_keys')
    .select('key')
    .where('merchant_id', '=', merchant_id)
    .where('kind', '=', 'secret')
    .where('expires_at', 'is', null)
    .where('key', '!=', key)
    .executeTakeFirst()
  if (other) return
  throw new GatewayError('CONFLICT_ERROR', 'This is the last key that goes on: roll it, or create another first', {
    field: 'api_key',
  })
}

function inUse() {
  return sql<boolean>`(expires_at is null or expires_at > now())`
}

export function keyView({ key, kind, name, created_at, expires_at, last_used_at }: KeyRow) {
  const ended = expires_at !== null && expires_at.getTime() <= wallMs()
  return {
    api_key: key,
    kind,
    name,
    status: ended ? ('ended' as const) : expires_at ? ('ending' as const) : ('active' as const),
    created_at: created_at.toISOString(),
    expires_at: expires_at?.toISOString() ?? null,
    last_used_at: last_used_at?.toISOString() ?? null,
  }
}
