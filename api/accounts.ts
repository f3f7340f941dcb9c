/** Whose a pair of things is that somebody signs in with: email and password, a key and its secret, or the operator's token. */
import { sql } from 'kysely'
import type { Database } from '../schema/database.ts'
import { hashPassword, passwordMatches } from '../schema/passwords.ts'
import { secretMatches } from '../schema/secrets.ts'

/** Merchants with one email that are tried. An email is no key: two merchants may belong to one person. */
const MAX_MERCHANTS = 5
const MAX_KEYS = 20

export interface Account {
  merchant: { id: string; name: string; email: string; test: boolean } | null
  roles: ('merchant' | 'operator')[]
  /** The oldest key in use, for snippets; null when there is none. */
  api_key: string | null
}

/** The merchant with this email and password, or null. Until a password is set, the secret of any of its keys is one. */
export async function merchantByPassword(database: Database, email: string, password: string): Promise<string | null> {
  const merchants = await database.kysely
    .selectFrom('merchants')
    .select(['id', 'password_hash'])
    .where(sql`lower(email)`, '=', email.toLowerCase())
    .orderBy('created_at')
    .limit(MAX_MERCHANTS)
    .execute()
  // An unknown email takes as long as a wrong password.
  if (merchants.length === 0) await hashPassword(password)
  for (const { id, password_hash: hash } of merchants) {
    const matches = hash === null ? await isSecretOf(database, id, password) : await passwordMatches(password, hash)
    if (matches) return id
  }
  return null
}

async function isSecretOf(database: Database, merchantId: string, secret: string): Promise<boolean> {
  const keys = await keysInUse(database, merchantId).select('secret_hash').limit(MAX_KEYS).execute()
  return keys.some(({ secret_hash: hash }) => hash !== null && secretMatches(secret, hash))
}

function keysInUse(database: Database, merchantId: string) {
  return database.kysely
    .selectFrom('api_keys')
    .where('merchant_id', '=', merchantId)
    .where('kind', '=', 'secret')
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', sql<Date>`now()`)]))
    .orderBy('created_at')
}

/** `operates`: whether this merchant may do what the operator may. Throws when the merchant is gone. */
export async function accountOf(database: Database, merchantId: string, operates: boolean): Promise<Account> {
  const [merchant, key] = await Promise.all([
    database.kysely
      .selectFrom('merchants')
      .select(['id', 'name', 'email', 'test'])
      .where('id', '=', merchantId)
      .executeTakeFirstOrThrow(),
    keysInUse(database, merchantId).select('key').executeTakeFirst(),
  ])
  return { merchant, roles: operates ? ['merchant', 'operator'] : ['merchant'], api_key: key?.key ?? null }
}

export const OPERATOR_ACCOUNT: Account = { merchant: null, roles: ['operator'], api_key: null }
