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
import type { KeyUse } from './key-use.ts'
import { type Sessions, sessionToken } from './sessions.ts'

export interface Merchant {
  id: string
  /** The merchant's number in base 36, as it stands in actor addresses. */
  tenant: string
  /** Nothing of a test merchant's moves money: the simulated bank does what the instrument says. */
  test: boolean
  idempotencyMismatch: 'conflict' | 'replay'
}

/** Who calls, and by what: as the audit log names it. */
export interface Caller {
  /** null: the operator. */
  merchant: Merchant | null
  /** May do what the operator may. */
  operates: boolean
  /** The key, or `session`, or `operator`. */
  name: string
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The merchant whose request it is. Routes that are open to everybody must not read it. */
    merchant: Merchant
    /** Set where a key, a session or the operator's token is asked for. */
    caller: Caller
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
    from api_keys k join merchants m on m.id = k.merchant_id where k.key = $1 and k.kind = 'secret'`,
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
  readonly #operators: Operators
  readonly #use: KeyUse

  constructor(database: Database, sessions: Sessions, operators: Operators, use: KeyUse) {
    this.#sessions = sessions
    this.#operators = operators
    this.#use = use
    this.#cache = new Cache(
      async (key) => {
        const [row] = await database.run<KeyRow>(FIND_KEY, [key])
        return row ? credential(row) : null
      },
      { max: MAX_KEYS, ttlMs: () => TTL_MS },
    )
  }

  /**
   * Who called: by a session, by the headers X-Api-Key and X-Api-Secret, or by the operator's token. Of the last two the caller may
   * carry both, and `first` says which one counts. Throws AUTHENTICATION_ERROR.
   */
  async callerOf(request: FastifyRequest, first: 'key' | 'token'): Promise<Caller> {
    const { authorization, 'x-api-key': key, 'x-api-secret': secret } = request.headers
    const token = authorization === undefined ? null : sessionToken(request)
    if (token !== null) return this.#callerBySession(token)
    const pair = typeof key === 'string' && typeof secret === 'string' ? { key, secret } : null
    const bearer = authorization && /^Bearer (.+)$/i.exec(authorization)?.[1]
    if (bearer !== undefined && (first === 'token' || !pair)) return this.#callerByToken(bearer)
    if (!pair) throw unauthenticated()
    const merchant = await this.find(pair.key, pair.secret)
    if (!merchant) throw unauthenticated()
    this.#use.mark(pair.key)
    return { merchant, operates: this.#operators.includes(merchant.id), name: pair.key }
  }

  /** Whose pair this is, or null. */
  async find(key: string, secret: string): Promise<Merchant | null> {
    if (key.length > MAX_KEY_LENGTH) return null
    const found = await this.#cache.read(key)
    const matches = secretMatches(secret, found?.secretHash ?? NOBODY)
    if (!found || !matches || (found.expiresAtMs !== null && found.expiresAtMs <= wallMs())) return null
    return found.merchant
  }

  /** What this process knows of a key is out of date; others learn of it in seconds. */
  forget(key: string): void {
    this.#cache.forget(key)
  }

  async #callerBySession(token: string): Promise<Caller> {
    const session = await this.#sessions.find(token)
    if (!session) throw unauthenticated()
    const { merchant } = session
    return { merchant, operates: merchant === null || this.#operators.includes(merchant.id), name: 'session' }
  }

  #callerByToken(token: string): Caller {
    if (!this.#operators.hasToken(token)) throw unauthenticated()
    return { merchant: null, operates: true, name: 'operator' }
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

/** For a merchant's own routes. The operator is somebody, but no merchant: AUTHORIZATION_ERROR. */
export function merchantCheck(credentials: Credentials) {
  return async (request: FastifyRequest): Promise<void> => {
    request.caller = await credentials.callerOf(request, 'key')
    const { merchant } = request.caller
    if (!merchant) throw new GatewayError('AUTHORIZATION_ERROR', 'This takes a merchant, and you are the operator')
    request.merchant = merchant
  }
}

/** For the operator's routes. A merchant's keys are good keys in the wrong place, unless the merchant operates: AUTHORIZATION_ERROR. */
export function operatorCheck(credentials: Credentials) {
  return async (request: FastifyRequest): Promise<void> => {
    request.caller = await credentials.callerOf(request, 'token')
    if (request.caller.operates) return
    throw new GatewayError('AUTHORIZATION_ERROR', 'This takes the operator: Authorization: Bearer <OPERATOR_TOKEN>')
  }
}

/** For routes that show a merchant its own and the operator everybody's. */
export function callerCheck(credentials: Credentials) {
  return async (request: FastifyRequest): Promise<void> => {
    request.caller = await credentials.callerOf(request, 'token')
  }
}

function unauthenticated(): GatewayError {
  return new GatewayError('AUTHENTICATION_ERROR', 'Invalid API credentials')
}
