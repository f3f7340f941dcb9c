import { randomBytes } from 'node:crypto'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { hashSecret, secretMatches, Vault } from './secrets.ts'

const secrets = suite('secrets')
const vault = new Vault(randomBytes(32))

secrets('what is sealed opens again, and never looks the same twice', () => {
  const sealed = vault.seal('whsec_test_abc123')
  assert.is(vault.open(sealed), 'whsec_test_abc123')
  assert.not(sealed.includes('whsec'))
  assert.not(sealed.equals(vault.seal('whsec_test_abc123')))
})

secrets('what was changed, cut, or sealed under another key does not open', () => {
  const sealed = vault.seal('whsec_test_abc123')
  const changed = Buffer.from(sealed)
  changed[changed.length - 1]! ^= 1
  for (const wrong of [changed, sealed.subarray(0, 20), Buffer.alloc(0), new Vault(randomBytes(32)).seal('x')]) {
    assert.throws(() => vault.open(wrong), /SECRETS_KEY/)
  }
})

secrets('a key of another length is refused with what it must be', () => {
  assert.throws(() => new Vault(Buffer.alloc(16)), /16 bytes; it must have 32/)
})

secrets('an API secret is recognised by its hash alone', () => {
  const hash = hashSecret('secret_test_xyz789')
  assert.ok(secretMatches('secret_test_xyz789', hash))
  assert.not(secretMatches('secret_test_xyz788', hash))
  assert.not(secretMatches('', hash))
})

secrets('a fingerprint tells requests apart, also where one part ends and the next begins', () => {
  const fingerprint = vault.fingerprint(['POST', '/payments', '{}'])
  assert.ok(fingerprint.equals(vault.fingerprint(['POST', '/payments', Buffer.from('{}')])))
  assert.not(fingerprint.equals(vault.fingerprint(['POST', '/payments{', '}'])))
  assert.not(fingerprint.equals(new Vault(randomBytes(32)).fingerprint(['POST', '/payments', '{}'])))
})

secrets.run()
