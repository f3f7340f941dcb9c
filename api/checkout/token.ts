/**
 * The token that a browser pays with: one order of one merchant, for a quarter of an hour, from one origin. It is sealed and not
 * stored, so opening a checkout writes nothing; whoever steals it can pay somebody's bill.
 */
import type { FastifyRequest } from 'fastify'
import { wallMs } from '../../actors/index.ts'
import { GatewayError } from '../../schema/errors.ts'
import type { Vault } from '../../schema/secrets.ts'
import type { Merchant } from '../auth.ts'

export interface Claims {
  merchant: Merchant & { name: string }
  orderId: string
  /** Of the page that asked for it; null: no browser did. */
  origin: string | null
  /** The order may be paid once. */
  once: boolean
  expiresAtMs: number
}

export const TOKEN_LIFE_MS = 15 * 60_000
const PREFIX = 'chk_'

export class CheckoutTokens {
  readonly #vault: Vault

  constructor(vault: Vault) {
    this.#vault = vault
  }

  /** Good for TOKEN_LIFE_MS from `nowMs` on. */
  issue(claims: Omit<Claims, 'expiresAtMs'>, nowMs = wallMs()): { token: string; expires_at: string } {
    const expiresAtMs = nowMs + TOKEN_LIFE_MS
    const sealed = this.#vault.seal(PREFIX + JSON.stringify({ ...claims, expiresAtMs } satisfies Claims))
    return { token: PREFIX + sealed.toString('base64url'), expires_at: new Date(expiresAtMs).toISOString() }
  }

  /** What the request's token allows. Throws AUTHENTICATION_ERROR. */
  read(request: FastifyRequest): Claims {
    const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
    const claims = token?.startsWith(PREFIX) ? this.#open(token.slice(PREFIX.length)) : null
    if (!claims) throw new GatewayError('AUTHENTICATION_ERROR', 'This takes the token of a checkout session')
    if (claims.expiresAtMs <= wallMs()) {
      throw new GatewayError('AUTHENTICATION_ERROR', 'The checkout session has expired: open a new one', {
        reason: 'token_expired',
      })
    }
    // A browser leaves the header out only where page and API are one origin; whoever is no browser may write what it likes.
    const { origin } = request.headers
    if (origin !== undefined && origin !== claims.origin) {
      throw new GatewayError('AUTHENTICATION_ERROR', 'The checkout session was opened by another origin')
    }
    return claims
  }

  /** null: not of our making. */
  #open(text: string): Claims | null {
    try {
      const opened = this.#vault.open(Buffer.from(text, 'base64url'))
      // Other things are sealed under the same key; only a token begins like one.
      return opened.startsWith(PREFIX) ? (JSON.parse(opened.slice(PREFIX.length)) as Claims) : null
    } catch {
      return null
    }
  }
}
