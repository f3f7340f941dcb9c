import type { FastifyRequest } from 'fastify'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { GatewayError } from '../../schema/errors.ts'
import { Vault } from '../../schema/secrets.ts'
import { CheckoutTokens, TOKEN_LIFE_MS } from './token.ts'

const test = suite('checkout token')
const vault = new Vault(Buffer.alloc(32, 1))
const tokens = new CheckoutTokens(vault)
const merchant = { id: 'm', tenant: '1', test: true, idempotencyMismatch: 'conflict' as const, name: 'Shop' }
const claims = { merchant, orderId: 'o1', origin: 'http://localhost:3001', once: true }

const request = (token: string, origin?: string) =>
  ({ headers: { authorization: `Bearer ${token}`, ...(origin ? { origin } : {}) } }) as unknown as FastifyRequest

const refused = (token: string, origin?: string) => {
  try {
    tokens.read(request(token, origin))
    return null
  } catch (error) {
    return error instanceof GatewayError ? (error.reason ?? error.code) : error
  }
}

test('it says again what it was made of', () => {
  const { token, expires_at } = tokens.issue(claims)
  const { expiresAtMs, ...read } = tokens.read(request(token, 'http://localhost:3001'))
  assert.equal(read, claims)
  assert.is(new Date(expiresAtMs).toISOString(), expires_at)
})

test('it opens nothing to another origin; whoever names none is no browser', () => {
  const { token } = tokens.issue(claims)
  assert.is(refused(token, 'http://localhost:9999'), 'AUTHENTICATION_ERROR')
  assert.is(refused(token), null)
})

test('it ends', () => {
  assert.is(refused(tokens.issue(claims, Date.now() - TOKEN_LIFE_MS).token, claims.origin), 'token_expired')
  assert.is(refused(tokens.issue(claims, Date.now() - TOKEN_LIFE_MS + 1_000).token, claims.origin), null)
})

test('it can neither be made up nor changed, and another secret of ours is none', () => {
  const { token } = tokens.issue(claims)
  const changed = token.slice(0, -2) + (token.endsWith('AA') ? 'BB' : 'AA')
  const sealed = (text: string) => `chk_${vault.seal(text).toString('base64url')}`
  for (const wrong of ['', 'chk_', 'chk_abc', changed, sealed('whsec_test_abc123'), sealed(JSON.stringify(claims))]) {
    assert.is(refused(wrong, claims.origin), 'AUTHENTICATION_ERROR', wrong)
  }
})

test('it does not tell what it holds', () => {
  assert.not.match(
    Buffer.from(tokens.issue(claims).token.slice(4), 'base64url').toString('latin1'),
    /o1|Shop|localhost/,
  )
})

test.run()
