/**
 * Who is calling. Every request proves itself with a key and its secret, so this stands on the way of everything: the key's
 * row comes from a cache that is refreshed behind the scenes, and what is compared is one SHA-256, in constant time.
 */
import type { FastifyRequest } from 'fastify'
import { wallMs } from '../actors/index.ts'
import type { Database, Statement } from '../schema/database.ts'
import { GatewayError } from '../schema/errors.ts'
import { hashSecret, secretMatches } from '../schema/secrets.ts'
import { Cache } from './cache.ts'
import { type Sessions, sessionToken } from './sessions.ts'

export interface Merchant {
  id: string
  /** The merchant's number in base 36, as it stands in actor addresses. */
  tenant: string
  /** Nothing of a test merchant's moves money: the simulated bank does what the instrument says. */
  test: boolean
  idempotencyMismatch: 'conflict' | 'replay'
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by `authenticate`; routes that need no key must not read it. */
    merchant: Merchant
  }
}

interface Credential {
  merchant: Merchant
  secretHash: Buffer
  /** ms since the epoch; null: never */
  expiresAtMs: number | null
}

/** How long a revoked key may go on working in another process, ms. */
const TTL_MS = 5_000
const MAX_KEYS = 10_000
const MAX_KEY_LENGTH = 255
/** Compared with when there is no such key, so that an unknown key takes as long as a wrong secret. */
const NOBODY = hashSecret('')

const FIND_KEY: Statement = {
  name: 'api_find_key',
  text: `select m.id, m.num, m.test, m.idempotency_mismatch, k.secret_hash,
    (extract(epoch from k.expires_at) * 1000)::float8 as expires_at_ms
    from api_keys k join merchants m on m.id = k.merchant_id where k.key = $1`,
}

interface KeyRow {
  id: string
  num: number
  test: boolean
  idempotency_mismatch: 'conflict' | 'replay'
  secret_hash: Buffer
  expires_at_ms: number | null
}

export class Credentials {
  readonly #cache: Cache<Credential>
  readonly #sessions: Sessions

  constructor(database: Database, sessions: Sessions) {
    this.#sessions = sessions
    this.#cache = new Cache(
      async (key) => {
        const [row] = await database.run<KeyRow>(FIND_KEY, [key])
        return row ? credential(row) : null
      },
      { max: MAX_KEYS, ttlMs: () => TTL_MS },
    )
  }

  /** The merchant who called: by the headers X-Api-Key and X-Api-Secret, or by a session. Throws AUTHENTICATION_ERROR. */
  async merchantOf(request: FastifyRequest): Promise<Merchant> {
    const token = sessionToken(request)
    if (token !== null) return this.#merchantOfSession(token)
    const key = request.headers['x-api-key']
    const secret = request.headers['x-api-secret']
    if (typeof key !== 'string' || typeof secret !== 'string') throw unauthenticated()
    const merchant = await this.find(key, secret)
    if (!merchant) throw unauthenticated()
    return merchant
  }

  /** Whose pair this is, or null. */
  async find(key: string, secret: string): Promise<Merchant | null> {
    if (key.length > MAX_KEY_LENGTH) return null
    const found = await this.#cache.read(key)
    const matches = secretMatches(secret, found?.secretHash ?? NOBODY)
    if (!found || !matches || (found.expiresAtMs !== null && found.expiresAtMs <= wallMs())) return null
    return found.merchant
  }

  async #merchantOfSession(token: string): Promise<Merchant> {
    const session = await this.#sessions.find(token)
    if (!session) throw unauthenticated()
    if (!session.merchant)
      throw new GatewayError('AUTHORIZATION_ERROR', 'This takes a merchant, and you are the operator')
    return session.merchant
  }
}

function credential(row: KeyRow): Credential {
  const { id, num, test, idempotency_mismatch: idempotencyMismatch } = row
  return {
    merchant: { id, tenant: num.toString(36), test, idempotencyMismatch },
    secretHash: row.secret_hash,
    expiresAtMs: row.expires_at_ms,
  }
}

/** Who may do what the operator may: who has OPERATOR_TOKEN, and in demo mode the test merchant. */
export class Operators {
  readonly #tokenHash: Buffer | null
  readonly #merchantId: string | null

  /** `operatorToken` null: nobody has it. */
  constructor(options: { operatorToken: string | null; demo: boolean; testMerchant: { id: string } }) {
    this.#tokenHash = options.operatorToken === null ? null : hashSecret(options.operatorToken)
    this.#merchantId = options.demo ? options.testMerchant.id : null
  }

  hasToken(token: string): boolean {
    return this.#tokenHash !== null && secretMatches(token, this.#tokenHash)
  }

  includes(merchantId: string): boolean {
    return merchantId === this.#merchantId
  }
}

/**
 * A check for the operator's routes: `Authorization: Bearer <OPERATOR_TOKEN>`, the operator's session, or a merchant who is one.
 * Another merchant's keys are good keys in the wrong place, so they get AUTHORIZATION_ERROR.
 */
export function operatorCheck(credentials: Credentials, sessions: Sessions, operators: Operators) {
  return async (request: FastifyRequest): Promise<void> => {
    const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1]
    const token = sessionToken(request)
    if (bearer !== undefined && token === null) {
      if (!operators.hasToken(bearer)) throw unauthenticated()
      return
    }
    if (token !== null && (await sessions.find(token))?.merchant === null) return
    const merchant = await credentials.merchantOf(request)
    if (!operators.includes(merchant.id)) {
      throw new GatewayError('AUTHORIZATION_ERROR', 'This takes the operator: Authorization: Bearer <OPERATOR_TOKEN>')
    }
  }
}

function unauthenticated(): GatewayError {
  return new GatewayError('AUTHENTICATION_ERROR', 'Invalid API credentials')
}
