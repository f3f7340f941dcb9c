/**
 * Sessions: what the dashboard's server holds for a browser in place of a key pair. A token opens what its merchant's keys open,
 * until it is closed or half a day is over; the operator's has no merchant.
 */
import { randomBytes } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { wallMs } from '../actors/index.ts'
import type { Database, Statement } from '../schema/database.ts'
import { hashSecret } from '../schema/secrets.ts'
import type { Merchant } from './auth.ts'
import { Cache } from './cache.ts'

export interface Session {
  /** null: the operator's. */
  merchant: Merchant | null
  expiresAtMs: number
}

/** Tells a session's token from the operator's. */
const PREFIX = 'sess_'
const TOKEN_BYTES = 32
const LIFE_HOURS = 12
/** How long a session that was closed in another process may go on here, ms. */
const TTL_MS = 5_000
const MAX_SESSIONS = 10_000

const FIND: Statement = {
  name: 'api_find_session',
  text: `select m.id, m.num, m.test, m.idempotency_mismatch, (extract(epoch from s.expires_at) * 1000)::float8 as expires_at_ms
    from sessions s left join merchants m on m.id = s.merchant_id where s.token_hash = $1 and s.expires_at > now()`,
}

/** Whoever opens one sweeps a few that are over, so the table stays as small as what is open. */
const OPEN: Statement = {
  name: 'api_open_session',
  text: `with over as (
      delete from sessions where token_hash in (select token_hash from sessions where expires_at < now() order by expires_at limit 100)
    )
    insert into sessions (token_hash, merchant_id, expires_at) values ($1, $2, now() + make_interval(hours => ${LIFE_HOURS}))
    returning expires_at`,
}

const CLOSE: Statement = { name: 'api_close_session', text: 'delete from sessions where token_hash = $1' }

interface SessionRow {
  id: string | null
  num: number
  test: boolean
  idempotency_mismatch: Merchant['idempotencyMismatch']
  expires_at_ms: number
}

export class Sessions {
  readonly #database: Database
  readonly #cache: Cache<Session>

  constructor(database: Database) {
    this.#database = database
    const find = async (hash: string) => {
      const [row] = await database.run<SessionRow>(FIND, [Buffer.from(hash, 'hex')])
      return row ? sessionOf(row) : null
    }
    this.#cache = new Cache(find, { max: MAX_SESSIONS, ttlMs: () => TTL_MS })
  }

  async open(merchantId: string | null): Promise<{ token: string; expires_at: string }> {
    const token = `${PREFIX}${randomBytes(TOKEN_BYTES).toString('base64url')}`
    const [row] = await this.#database.run<{ expires_at: Date }>(OPEN, [hashSecret(token), merchantId])
    if (!row) throw new Error('the session that was just written did not come back')
    return { token, expires_at: row.expires_at.toISOString() }
  }

  /** null: there is none, or it is over. */
  async find(token: string): Promise<Session | null> {
    const session = await this.#cache.read(hashSecret(token).toString('hex'))
    return session && session.expiresAtMs > wallMs() ? session : null
  }

  async close(token: string): Promise<void> {
    const hash = hashSecret(token)
    await this.#database.run(CLOSE, [hash])
    this.#cache.forget(hash.toString('hex'))
  }
}

/** The session's token that a request carries, or null: it proves itself in another way, or not at all. */
export function sessionToken(request: FastifyRequest): string | null {
  const bearer = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
  return bearer?.startsWith(PREFIX) ? bearer : null
}

function sessionOf({ id, num, test, idempotency_mismatch, expires_at_ms }: SessionRow): Session {
  const merchant =
    id === null ? null : { id, tenant: num.toString(36), test, idempotencyMismatch: idempotency_mismatch }
  return { merchant, expiresAtMs: expires_at_ms }
}
