import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { CREDENTIALS, type House, OPERATOR_TOKEN, openHouse, TEST_KEY, TEST_SECRET } from './house.ts'

const test = suite('signing in')

let house: House
test.before(async () => {
  house = await openHouse({ worker: false })
})
test.after(() => house?.close())

const open = (body: object) => house.call('POST', '/api/v1/sessions', { body, headers: null })
const bearer = (token: string) => ({
  headers: { authorization: `Bearer ${token}`, 'x-api-key': '', 'x-api-secret': '' },
})

/** A merchant of its own, so that a test may set its password. */
async function newMerchant(email: string) {
  const { body } = await house.call('POST', '/api/v1/merchants', {
    body: { name: 'Other', email, test: true },
    headers: { authorization: `Bearer ${OPERATOR_TOKEN}` },
  })
  return body as { id: string; api_key: string; api_secret: string }
}

test('a key pair opens a session that is worth as much as the pair', async () => {
  const { status, body } = await open({ api_key: TEST_KEY, api_secret: TEST_SECRET })
  assert.is(status, 201)
  assert.match(body.token, /^sess_[\w-]{43}$/)
  assert.equal(body.account.roles, ['merchant'])
  assert.is(body.account.api_key, TEST_KEY)
  assert.is((await house.call('GET', '/api/v1/payments', bearer(body.token))).status, 200)
  assert.is(
    (await house.call('GET', '/api/v1/sessions/current', bearer(body.token))).body.merchant.email,
    'test@example.com',
  )
})

test('anything wrong is 401, in the same words', async () => {
  for (const wrong of [
    { api_key: TEST_KEY, api_secret: 'wrong' },
    { api_key: 'key_test_unknown', api_secret: TEST_SECRET },
    { email: 'nobody@example.com', password: 'wrong' },
    { email: 'test@example.com', password: 'wrong' },
    { operator_token: 'wrong' },
  ]) {
    const { status, body } = await open(wrong)
    assert.equal(
      [status, body.error.code, body.error.description],
      [401, 'AUTHENTICATION_ERROR', 'Invalid API credentials'],
    )
  }
})

test('until a password is set, the email signs in with an API secret; then with the password alone', async () => {
  const email = 'Mixed.Case@example.com'
  const { id, api_key, api_secret } = await newMerchant(email)
  const first = await open({ email: email.toLowerCase(), password: api_secret })
  assert.equal([first.status, first.body.account.merchant.id], [201, id])
  const headers = { 'x-api-key': api_key, 'x-api-secret': api_secret }
  const set = (body: object) => house.call('PUT', '/api/v1/merchants/password', { body, headers })
  assert.is((await set({ password: 'too short' })).status, 400)
  assert.is((await set({ password: 'long enough now' })).status, 204)
  assert.is((await open({ email, password: 'long enough now' })).status, 201)
  assert.is((await open({ email, password: api_secret })).status, 401)
  const changed = await set({ password: 'another long one', current_password: 'not this' })
  assert.equal([changed.status, changed.body.error.field], [400, 'current_password'])
})

test('after five wrong passwords an email waits, the right one included', async () => {
  const { api_secret: password } = await newMerchant('guessed@example.com')
  for (let i = 0; i < 5; i++) await open({ email: 'guessed@example.com', password: 'wrong' })
  const { status, headers } = await open({ email: 'guessed@example.com', password })
  assert.is(status, 429)
  assert.ok(Number(headers.get('retry-after')) > 0)
})

test('a closed session opens nothing any more', async () => {
  const { token } = (await open({ api_key: TEST_KEY, api_secret: TEST_SECRET })).body
  assert.is((await house.call('DELETE', '/api/v1/sessions/current', bearer(token))).status, 204)
  assert.is((await house.call('GET', '/api/v1/payments', bearer(token))).status, 401)
  assert.is((await house.call('GET', '/api/v1/sessions/current', bearer(token))).status, 401)
})

test('a session that is over opens nothing, and leaves the table when the next one is opened', async () => {
  const { token } = (await open({ api_key: TEST_KEY, api_secret: TEST_SECRET })).body
  await house.database.run({ name: '', text: "update sessions set expires_at = now() - interval '1 second'" }, [])
  assert.is((await house.call('GET', '/api/v1/payments', bearer(token))).status, 401)
  await open({ api_key: TEST_KEY, api_secret: TEST_SECRET })
  assert.is(await house.count('sessions'), 1)
})

test("the operator's session opens the operator's routes and no merchant's", async () => {
  const { body } = await open({ operator_token: OPERATOR_TOKEN })
  assert.equal(body.account, { merchant: null, roles: ['operator'], api_key: null })
  const made = await house.call('POST', '/api/v1/merchants', {
    ...bearer(body.token),
    body: { name: 'Made', email: 'made@example.com', test: true },
  })
  assert.is(made.status, 201)
  const refused = await house.call('GET', '/api/v1/payments', bearer(body.token))
  assert.equal([refused.status, refused.body.error.code], [403, 'AUTHORIZATION_ERROR'])
})

test("a merchant's session is not the operator's", async () => {
  const { token } = (await open({ api_key: TEST_KEY, api_secret: TEST_SECRET })).body
  const body = { name: 'Made', email: 'made@example.com', test: true }
  assert.is((await house.call('POST', '/api/v1/merchants', { ...bearer(token), body })).status, 403)
  assert.is((await house.call('POST', '/api/v1/merchants', { headers: CREDENTIALS, body })).status, 403)
})

test.run()
