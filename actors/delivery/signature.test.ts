import { createHmac, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { bodySignature, keyBytes, signedHeaders, standardSignature } from './signature.ts'

const test = suite('signature')

const eventId = 'evt_0123456789abcdef'
const now = () => Math.floor(Date.now() / 1000)
const standardSecret = (bytes = 32) => `whsec_${randomBytes(bytes).toString('base64')}`
const bodies = fc.json({ stringUnit: 'binary' }).map((text) => JSON.stringify(JSON.parse(text)))

test("a Standard Webhooks library accepts what was signed under a secret of the specification's form", () => {
  const secret = standardSecret()
  const receiver = new Webhook(secret)
  fc.assert(
    fc.property(bodies, (body) => {
      const headers = signedHeaders({ eventId, timestamp: now(), body, secrets: [secret] })
      assert.equal(receiver.verify(body, headers), JSON.parse(body))
    }),
    { numRuns: 200 },
  )
})

test('a Standard Webhooks library accepts the test secret in its raw format', () => {
  const receiver = new Webhook('whsec_test_abc123', { format: 'raw' })
  fc.assert(
    fc.property(bodies, (body) => {
      const headers = signedHeaders({ eventId, timestamp: now(), body, secrets: ['whsec_test_abc123'] })
      assert.equal(receiver.verify(body, headers), JSON.parse(body))
    }),
    { numRuns: 200 },
  )
})

test('the library and the plain HMAC agree on a thousand bodies, in whatever script, and on a text that was changed', () => {
  const secret = standardSecret()
  const receiver = new Webhook(secret)
  const plain = (body: string) => createHmac('sha256', secret).update(body, 'utf8').digest('hex')
  fc.assert(
    fc.property(bodies, (body) => {
      const headers = signedHeaders({ eventId, timestamp: now(), body, secrets: [secret] })
      receiver.verify(body, headers)
      assert.is(headers['x-webhook-signature'], plain(body))
      const changed = `${body} `
      assert.throws(() => receiver.verify(changed, headers))
      assert.is.not(headers['x-webhook-signature'], plain(changed))
    }),
    { numRuns: 1_000 },
  )
})

test('a receiver that parses and serialises again computes the same plain signature', () => {
  fc.assert(
    fc.property(bodies, fc.string({ minLength: 1 }), (body, secret) => {
      const received = JSON.stringify(JSON.parse(Buffer.from(body).toString()))
      const expected = createHmac('sha256', secret).update(received).digest('hex')
      assert.is(bodySignature(body, secret), expected)
    }),
    { numRuns: 200 },
  )
})

test('the plain signature is the HMAC of the seeded secret as a whole, as openssl prints it', () => {
  // printf '{"event":"payment.success"}' | openssl dgst -sha256 -hmac whsec_test_abc123
  assert.is(
    bodySignature('{"event":"payment.success"}', 'whsec_test_abc123'),
    '68db5c712c1755f85e19c06ec783197c7fc580436ea7bb9a6a98667e92b7daf5',
  )
})

test('the plain signature takes the secret as it is written, also when it is base64', () => {
  const secret = standardSecret()
  const headers = signedHeaders({ eventId, timestamp: 1, body: '{}', secrets: [secret] })
  assert.is(headers['x-webhook-signature'], createHmac('sha256', secret).update('{}').digest('hex'))
})

test('both the old and the new secret verify while a rotated secret is in its grace', () => {
  const [newer, older] = [standardSecret(), standardSecret()]
  const body = '{"event":"payment.success"}'
  const headers = signedHeaders({ eventId, timestamp: now(), body, secrets: [newer, older] })
  for (const secret of [newer, older]) new Webhook(secret).verify(body, headers)
  assert.throws(() => new Webhook(standardSecret()).verify(body, headers), /No matching signature/)
  assert.is(headers['x-webhook-signature'], bodySignature(body, newer))
})

test('the signature covers the id, the time and the body', () => {
  const secret = standardSecret()
  const signature = standardSignature(eventId, 1, '{}', secret)
  assert.is.not(standardSignature('evt_x', 1, '{}', secret), signature)
  assert.is.not(standardSignature(eventId, 2, '{}', secret), signature)
  assert.is.not(standardSignature(eventId, 1, '[]', secret), signature)
})

test('only canonical base64 of 24 to 64 bytes is decoded; any other secret is its own utf-8', () => {
  for (const bytes of [24, 32, 64]) {
    const key = randomBytes(bytes)
    assert.equal(keyBytes(`whsec_${key.toString('base64')}`), key)
    assert.equal(keyBytes(key.toString('base64')), key)
  }
  const raw = [
    'whsec_test_abc123',
    'a plain secret: ключ',
    standardSecret(23),
    standardSecret(65),
    // Not canonical: url-safe letters, missing padding, bits behind the end.
    `whsec_${'-_'.repeat(16)}`,
    standardSecret(32).slice(0, -1),
    `whsec_${'A'.repeat(42)}B=`,
  ]
  for (const secret of raw) assert.equal(keyBytes(secret), Buffer.from(secret), secret)
})

test('nothing leaves unsigned: without a secret there are no headers', () => {
  assert.throws(() => signedHeaders({ eventId, timestamp: 1, body: '{}', secrets: [] }), /at least one secret/)
})

test.run()
