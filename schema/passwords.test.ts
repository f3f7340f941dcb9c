import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { hashPassword, passwordMatches } from './passwords.ts'

const test = suite('passwords')

test('a password matches its own hash and no other does', async () => {
  const hash = await hashPassword('correct horse battery')
  assert.ok(await passwordMatches('correct horse battery', hash))
  assert.not(await passwordMatches('correct horse batterz', hash))
})

test('the same password is hashed differently every time', async () => {
  assert.is.not(await hashPassword('correct horse battery'), await hashPassword('correct horse battery'))
})

test('a letter with an accent is the same however the keyboard writes it', async () => {
  assert.ok(await passwordMatches('caf\u0065\u0301 au lait', await hashPassword('caf\u00e9 au lait')))
})

test('the cost that was used stands in the hash', async () => {
  assert.match(await hashPassword('correct horse battery'), /^scrypt\$65536\$8\$1\$[\w-]{22}\$[\w-]{43}$/)
})

test.run()
