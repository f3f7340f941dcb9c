import { createHmac, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { signedHeaders } from '../../actors/delivery/signature.ts'
import { verifyWebhook, WebhookNotVerified } from './webhooks.ts'

const test = suite('a receiver knows a webhook that is ours')

const nowMs = Date.parse('2026-01-15T10:00:00Z')
const timestamp = nowMs / 1_000
const body = '{"event":"payment.success","timestamp":1768471200,"data":{"payment":{"id":"pay_1"}}}'
const secret = `whsec_${randomBytes(32).toString('base64')}`
const sign = (text: string, secrets = [secret]) => signedHeaders({ eventId: 'evt_1', timestamp, body: text, secrets })

function reasonOf(verify: () => unknown): string {
  try {
    verify()
  } catch (error) {
    if (error instanceof WebhookNotVerified) return error.reason
    throw error
  }
  return 'verified'
}

test('verifyWebhook, standardwebhooks and the plain HMAC agree on a thousand bodies, unicode included', () => {
  const words = fc.string({ unit: 'binary', maxLength: 60 })
  const event = fc.record({ event: words, timestamp: fc.nat(), data: fc.jsonValue({ maxDepth: 3 }) })
  const secrets = fc.oneof(
    fc.uint8Array({ minLength: 24, maxLength: 64 }).map((bytes) => `whsec_${Buffer.from(bytes).toString('base64')}`),
    fc.constantFrom('whsec_test_abc123', 'plain secret', 'whsec_ünïcödé'),
  )
  const now = { nowMs: Date.now() }
  const seconds = Math.floor(now.nowMs / 1_000)
  fc.assert(
    fc.property(event, secrets, fc.boolean(), (made, chosen, spoil) => {
      const text = JSON.stringify(made)
      const headers = signedHeaders({ eventId: 'evt_1', timestamp: seconds, body: text, secrets: [chosen] })
      const received = spoil ? `${text} ` : text
      const { 'x-webhook-signature': hex, ...standard } = headers
      const plain = createHmac('sha256', chosen).update(received).digest('hex') === hex
      const options = /^whsec_[A-Za-z0-9+/]{32,}=*$/.test(chosen) ? {} : { format: 'raw' as const }
      const library = new Webhook(options.format ? Buffer.from(chosen) : chosen, options)
      assert.is(reasonOf(() => verifyWebhook(received, standard, chosen, now)) === 'verified', !spoil)
      assert.is(reasonOf(() => verifyWebhook(received, { 'x-webhook-signature': hex }, chosen)) === 'verified', plain)
      assert.is(
        throws(() => library.verify(received, standard)),
        spoil,
      )
      assert.is(plain, !spoil)
    }),
    { numRuns: 1_000 },
  )
})

function throws(call: () => unknown): boolean {
  try {
    call()
    return false
  } catch {
    return true
  }
}

test('the event is what was sent, whether the body comes as text or as bytes', () => {
  const expected = JSON.parse(body)
  assert.equal(verifyWebhook(body, sign(body), secret, { nowMs }), expected)
  assert.equal(verifyWebhook(Buffer.from(body), new Headers(sign(body)), secret, { nowMs }), expected)
})

test('another body, another secret and no signature are told apart from a late one', () => {
  const headers = sign(body)
  assert.is(
    reasonOf(() => verifyWebhook(`${body}\n`, headers, secret, { nowMs })),
    'wrong_signature',
  )
  assert.is(
    reasonOf(() => verifyWebhook(body, headers, 'whsec_other', { nowMs })),
    'wrong_signature',
  )
  assert.is(
    reasonOf(() => verifyWebhook(body, {}, secret, { nowMs })),
    'no_signature',
  )
  assert.is(
    reasonOf(() => verifyWebhook(body, headers, secret, { nowMs: nowMs + 301_000 })),
    'too_old',
  )
  assert.is(
    reasonOf(() => verifyWebhook(body, headers, secret, { nowMs: nowMs - 301_000 })),
    'too_new',
  )
})

test('while a secret is replaced, the old and the new one will do, on either side', () => {
  const rotated = sign(body, ['whsec_new', secret])
  for (const known of [secret, 'whsec_new', ['whsec_unknown', secret]]) {
    assert.is(
      reasonOf(() => verifyWebhook(body, rotated, known, { nowMs })),
      'verified',
    )
  }
})

test.run()
