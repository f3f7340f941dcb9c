import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type House, OPERATOR_TOKEN, openHouse, TEST_KEY } from './house.ts'

const test = suite('a merchant looks after its keys')

let house: House
test.before(async () => {
  house = await openHouse({ worker: false })
})
test.after(() => house?.close())

type Pair = { api_key: string; api_secret: string }
const headersOf = ({ api_key, api_secret }: Pair) => ({ 'x-api-key': api_key, 'x-api-secret': api_secret })
const opens = async (pair: Pair) =>
  (await house.call('GET', '/api/v1/merchants/profile', { headers: headersOf(pair) })).status === 200

async function merchant(): Promise<Pair> {
  const operator = { authorization: `Bearer ${OPERATOR_TOKEN}` }
  const body = { name: 'Shop', email: 'shop@example.com' }
  return (await house.call('POST', '/api/v1/merchants', { body, headers: operator })).body
}

const as =
  (pair: Pair) =>
  (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    house.call(method, `/api/v1/api_keys${path}`, { body, headers: { ...headersOf(pair), ...headers } })

test('a new key opens what the old one opens; its secret is shown once', async () => {
  const first = await merchant()
  const mine = as(first)
  const { status, body: key } = await mine('POST', '', { name: 'checkout server' })
  assert.equal([status, key.kind, key.name, key.status], [201, 'secret', 'checkout server', 'active'])
  assert.match(key.api_key, /^key_live_/)
  assert.ok(await opens(key))
  const list = (await mine('GET', '')).body
  assert.equal([list.total, list.data.map(({ api_key }: Pair) => api_key)], [2, [key.api_key, first.api_key]])
  assert.not(JSON.stringify(list).includes(key.api_secret))
})

test("a test merchant's keys say so", async () => {
  const { body } = await house.call('POST', '/api/v1/api_keys')
  assert.match(body.api_key, /^key_test_/)
})

test('a rolled key goes on for its grace, and no longer', async () => {
  const first = await merchant()
  const rolled = await as(first)('POST', `/${first.api_key}/roll`, { grace_seconds: 3_600 })
  assert.is(rolled.status, 201)
  assert.equal([await opens(first), await opens(rolled.body)], [true, true])
  const [, old] = (await as(first)('GET', '')).body.data
  assert.is(old.status, 'ending')
  const leftMs = Date.parse(old.expires_at) - Date.now()
  assert.ok(leftMs > 3_500_000 && leftMs <= 3_600_000, `${leftMs} ms left`)

  const again = await as(rolled.body)('POST', `/${rolled.body.api_key}/roll`, { grace_seconds: 0 })
  assert.equal([await opens(rolled.body), await opens(again.body)], [false, true])
  const longer = await as(again.body)('POST', `/${first.api_key}/roll`, { grace_seconds: 604_800 })
  assert.is(longer.status, 201)
  const ended = (await as(again.body)('GET', '')).body.data.find(({ api_key }: Pair) => api_key === first.api_key)
  assert.is(ended.expires_at, old.expires_at, 'a roll never lengthens a life')
})

test('a revoked key opens nothing, and the last one can not be revoked', async () => {
  const first = await merchant()
  const second = (await as(first)('POST', '')).body
  const revoked = await as(first)('DELETE', `/${second.api_key}`)
  assert.equal([revoked.status, revoked.body.status, await opens(second)], [200, 'ended', false])
  const last = await as(first)('DELETE', `/${first.api_key}`)
  assert.equal([last.status, last.body.error.code, await opens(first)], [409, 'CONFLICT_ERROR', true])
  const gone = await as(first)('DELETE', `/${second.api_key}`)
  assert.is(gone.status, 200, 'revoking twice changes nothing')
})

test('of two who revoke the last two keys at once one is refused', async () => {
  const first = await merchant()
  const second = (await as(first)('POST', '')).body
  const answers = await Promise.all([
    as(first)('DELETE', `/${first.api_key}`),
    as(second)('DELETE', `/${second.api_key}`),
  ])
  assert.equal(answers.map(({ status }) => status).sort(), [200, 409])
})

test("another merchant's key is not found", async () => {
  const [mine, theirs] = [await merchant(), await merchant()]
  for (const [method, path] of [
    ['POST', `/${theirs.api_key}/roll`],
    ['DELETE', `/${theirs.api_key}`],
  ] as const) {
    const { status, body } = await as(mine)(method, path)
    assert.equal([status, body.error.description], [404, 'API key not found'])
  }
})

test('a publishable key opens a checkout and nothing that takes a secret', async () => {
  const first = await merchant()
  const { status, body } = await as(first)('POST', '', { kind: 'publishable' })
  assert.equal([status, 'api_secret' in body], [201, false])
  assert.match(body.api_key, /^pk_live_/)
  for (const api_secret of ['', body.api_key, first.api_secret]) {
    assert.not(await opens({ api_key: body.api_key, api_secret }))
  }
  const order = await house.call('POST', '/api/v1/orders', { body: { amount: 500 }, headers: headersOf(first) })
  const session = { key: body.api_key, order_id: order.body.id }
  const opened = await house.call('POST', '/api/v1/checkout/sessions', { body: session, headers: null })
  assert.equal([opened.status, opened.body.order.id], [201, order.body.id])
})

test('there are at most twenty keys in use', async () => {
  const first = await merchant()
  for (let n = 1; n < 20; n++) assert.is((await as(first)('POST', '')).status, 201)
  const { status, body } = await as(first)('POST', '')
  assert.equal([status, body.error.description], [400, 'a merchant has at most 20 keys in use: revoke one first'])
})

test('a roll under one Idempotency-Key is one roll, and its secret is kept encrypted', async () => {
  const first = await merchant()
  const roll = () => as(first)('POST', `/${first.api_key}/roll`, {}, { 'idempotency-key': 'roll' })
  const answers = await Promise.all(Array.from({ length: 5 }, roll))
  assert.is(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size, 1)
  assert.is((await as(first)('GET', '')).body.total, 2)
  const stored = await house.database.kysely.selectFrom('idempotency_keys').select('response').execute()
  assert.ok(stored.length > 0)
  assert.not(JSON.stringify(stored).includes('secret_live_'))
})

test('when a key was last used is written now and then, not with every request', async () => {
  const own = await openHouse({ worker: false })
  const lastUsed = async () =>
    (await own.database.kysely.selectFrom('api_keys').select('last_used_at').where('key', '=', TEST_KEY).execute())[0]
      ?.last_used_at
  try {
    const { body } = await own.call('GET', '/api/v1/api_keys')
    assert.equal([body.data[0].api_key, body.data[0].last_used_at, await lastUsed()], [TEST_KEY, null, null])
    await own.closeApi()
    const at = await lastUsed()
    assert.ok(at && Date.now() - at.getTime() < 60_000)
  } finally {
    await own.close()
  }
})

test.run()
