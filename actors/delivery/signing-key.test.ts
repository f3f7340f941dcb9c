import { createPublicKey, verify } from 'node:crypto'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { asymmetricSignature, newSigningKey, publicKeyOf } from './signing-key.ts'

const test = suite('a signature without a secret')

test('is verified with the public key, and with no other text, time or id', () => {
  const key = newSigningKey()
  const raw = Buffer.from(publicKeyOf(key).replace(/^whpk_/, ''), 'base64')
  assert.is(raw.length, 32)
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }
  const publicKey = createPublicKey({ key: jwk, format: 'jwk' })
  const signature = Buffer.from(asymmetricSignature('evt_1', 7, '{"a":"ß"}', key).replace(/^v1a,/, ''), 'base64')
  const verifies = (text: string) => verify(null, Buffer.from(text), publicKey, signature)
  assert.ok(verifies('evt_1.7.{"a":"ß"}'))
  for (const other of ['evt_1.7.{"a":"s"}', 'evt_1.8.{"a":"ß"}', 'evt_2.7.{"a":"ß"}']) assert.not(verifies(other))
})

test('is as in the examples of RFC 8032', () => {
  // 7.1, TEST 1: its secret key and its public key.
  const seed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex')
  const expected = Buffer.from('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', 'hex')
  assert.is(publicKeyOf(seed.toString('base64')), `whpk_${expected.toString('base64')}`)
})

test('two keys are never the same', () => {
  assert.is(new Set(Array.from({ length: 100 }, newSigningKey)).size, 100)
})

test.run()
