import { once } from 'node:events'
import { connect } from 'node:net'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type House, OPERATOR_TOKEN, openHouse, runtimeWithoutRedis, TEST_KEY } from './house.ts'
import { until } from './until.ts'

const test = suite('the service around the payments')

let house: House
test.before(async () => {
  house = await openHouse({ worker: true })
  await until(async () => (await house.call('GET', '/health')).status === 200)
})
test.after(() => house?.close())

const open = { headers: null }

test('health tells every part, without a key', async () => {
  const { status, body } = await house.call('GET', '/health', open)
  const { timestamp, ...parts } = body
  assert.equal(
    [status, parts],
    [200, { status: 'healthy', database: 'connected', redis: 'connected', worker: 'running' }],
  )
  assert.is(new Date(timestamp).toISOString(), timestamp)
  assert.is((await house.call('GET', '/health/live', open)).status, 200)
  assert.is((await house.call('GET', '/health/ready', open)).status, 200)
})

test('without Redis it is degraded, and ready all the same: payments are accepted', async () => {
  const alone = await openHouse({ worker: false })
  try {
    const { status, body } = await alone.call('GET', '/health', open)
    assert.equal(
      [status, body.status, body.database, body.redis, body.worker],
      [503, 'degraded', 'connected', 'disconnected', 'stopped'],
    )
    assert.is((await alone.call('GET', '/health/ready', open)).status, 200)
    const payment = { order_id: 'ord_test_001', method: 'upi', vpa: 'a@b' }
    assert.is((await alone.call('POST', '/api/v1/payments', { body: payment })).status, 201)
    const jobs = (await alone.call('GET', '/api/v1/test/jobs/status', open)).body
    assert.equal([jobs.worker_status, jobs.pending, jobs.processing], ['stopped', 1, 0])
  } finally {
    await alone.close()
  }
})

test('without Postgres it lives, is not ready, and says 503 with Retry-After', async () => {
  const alone = await openHouse({ worker: false })
  try {
    await alone.database.close()
    assert.is((await alone.call('GET', '/health/live', open)).status, 200)
    assert.is((await alone.call('GET', '/health/ready', open)).status, 503)
    assert.is((await alone.call('GET', '/health', open)).body.database, 'disconnected')
    const { status, body, headers } = await alone.call('GET', '/api/v1/payments')
    assert.equal([status, body.error.code, headers.get('retry-after')], [503, 'SERVER_ERROR', '1'])
    assert.match(body.error.request_id, /^req_/)
  } finally {
    await alone.close()
  }
})

test('overloaded, it refuses payments before anything is written', async () => {
  const full = await openHouse({ worker: false, runtime: { ...runtimeWithoutRedis(), overloaded: true } })
  try {
    const body = { order_id: 'ord_test_001', method: 'upi', vpa: 'a@b' }
    const { status, headers } = await full.call('POST', '/api/v1/payments', { body })
    assert.equal([status, headers.get('retry-after'), await full.count('payments')], [503, '1', 0])
  } finally {
    await full.close()
  }
})

test('a connection that never says anything does not hold up its end', async () => {
  const closing = await openHouse({ worker: false })
  const { hostname, port } = new URL(closing.url)
  const silent = connect(Number(port), hostname)
  await once(silent, 'connect')
  const startedAt = performance.now()
  await Promise.all([once(silent, 'close'), closing.close()])
  assert.ok(performance.now() - startedAt < 5_000)
})

test('the jobs are counted, and the test merchant is known', async () => {
  const { status, body } = await house.call('GET', '/api/v1/test/jobs/status', open)
  assert.equal(
    [status, Object.keys(body)],
    [200, ['pending', 'processing', 'completed', 'failed', 'worker_status', 'actors']],
  )
  assert.equal(Object.keys(body.actors), ['ready', 'running', 'scheduled', 'parked'])
  const merchant = await house.call('GET', '/api/v1/test/merchant', open)
  const id = '550e8400-e29b-41d4-a716-446655440000'
  assert.equal(merchant.body, { id, email: 'test@example.com', api_key: TEST_KEY, seeded: true })
})

test('the operator creates a merchant, who can work at once', async () => {
  for (const [test, mode] of [
    [true, 'test'],
    [undefined, 'live'],
  ] as const) {
    const { status, body } = await house.call('POST', '/api/v1/merchants', {
      body: { name: 'Shop', email: 'shop@example.com', test },
      headers: { authorization: `Bearer ${OPERATOR_TOKEN}` },
    })
    assert.equal([status, Object.keys(body)], [201, ['id', 'name', 'email', 'api_key', 'api_secret', 'webhook_secret']])
    assert.ok(body.api_key.startsWith(`key_${mode}_`))
    const headers = { 'x-api-key': body.api_key, 'x-api-secret': body.api_secret }
    assert.is((await house.call('GET', '/api/v1/merchants/profile', { headers })).body.test, mode === 'test')
    const order = await house.call('POST', '/api/v1/orders', { body: { amount: 100 }, headers })
    assert.equal([order.status, order.body.merchant_id], [201, body.id])
    const stored = JSON.stringify(await house.database.kysely.selectFrom('api_keys').selectAll().execute())
    assert.not(stored.includes(body.api_secret))
  }
})

test('without demo mode its receiver does not exist', async () => {
  assert.is((await house.call('GET', '/demo/webhooks', open)).status, 404)
  assert.is((await house.call('POST', '/demo/webhooks', { body: {} })).status, 404)
})

test('in demo mode the test merchant operates, and its receiver keeps what is signed', async () => {
  const demo = await openHouse({ worker: true, demo: true })
  try {
    await until(async () => (await demo.call('GET', '/health')).status === 200)
    const merchant = { name: 'Shop', email: 'shop@example.com' }
    assert.is((await demo.call('POST', '/api/v1/merchants', { body: merchant })).status, 201)
    await demo.call('PUT', '/api/v1/webhooks/config', { body: { webhook_url: `${demo.url}/demo/webhooks` } })
    await demo.call('POST', '/api/v1/webhooks/test')
    const received = async () => (await demo.call('GET', '/demo/webhooks', open)).body.data
    await until(async () => (await received()).length === 1)
    const [first] = await received()
    assert.equal([first.event, first.times, first.body.data.payment.amount], ['webhook.test', 1, 50000])
    const forged = await demo.call('POST', '/demo/webhooks', {
      body: { event: 'payment.success' },
      headers: { 'x-webhook-signature': 'f'.repeat(64), 'webhook-id': 'evt_forged' },
    })
    assert.equal([forged.status, (await received()).length], [400, 1])
  } finally {
    await demo.close()
  }
})

test('a card number and a CVV reach no table, no log line and no answer', async () => {
  const log: string[] = []
  const watched = await openHouse({ worker: false, log })
  const number = '4000056655665556'
  const cvv = '9173'
  try {
    const card = { number, expiry_month: 12, expiry_year: 2099, cvv, holder_name: 'A B' }
    const body = { order_id: 'ord_test_001', method: 'card', card }
    const headers = { 'idempotency-key': 'card' }
    const answers = [
      await watched.call('POST', '/api/v1/payments', { body, headers }),
      await watched.call('POST', '/api/v1/payments', { body, headers }),
      await watched.call('POST', '/api/v1/payments', { body: { ...body, card: { ...card, expiry_year: 20 } } }),
      await watched.call('POST', '/api/v1/payments', { body: { ...body, card: { ...card, number: `${number}1` } } }),
      await watched.call('POST', '/api/v1/payments', { body: { ...body, card: { ...card, cvv: [cvv] } } }),
      await watched.call('POST', '/api/v1/payments', { body: { ...body, card: number } }),
      await watched.call('POST', '/api/v1/payments', { body: `{"card":{"number":"${number}","cvv":"${cvv}"` }),
      await watched.call('GET', `/api/v1/payments/${number}`),
      await watched.call('GET', `/api/v1/payments?q=${number}`),
      await watched.call('GET', `/api/v1/unknown/4000%200566%205566%205556`),
    ]
    assert.equal(
      answers.map(({ status }) => status),
      [201, 201, 400, 400, 400, 400, 400, 404, 200, 404],
    )
    const tables = await watched.database.run<{ name: string }>(
      {
        name: '',
        text: "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('public', 'bank')",
      },
      [],
    )
    const rows = await Promise.all(
      tables.map(({ name }) => watched.database.run<object>({ name: '', text: `select t::text from ${name} t` }, [])),
    )
    const texts = { tables: JSON.stringify(rows), log: log.join(''), answers: answers.map(({ text }) => text).join('') }
    for (const [where, text] of Object.entries(texts)) {
      assert.ok(text.length > 100, `${where}: nothing to look into`)
      assert.not(text.includes(number), `${where}: the number`)
      assert.not(text.includes('566%205566'), `${where}: the number, encoded`)
      assert.not(new RegExp(`\\b${cvv}\\b`).test(text), `${where}: the CVV`)
    }
    assert.match(log.join(''), /"request_id":"req_/)
  } finally {
    await watched.close()
  }
})

test('no answer may be shown as a page, be framed, or be guessed to be something else', async () => {
  for (const path of ['/health/live', '/api/v1/payments', '/api/v1/unknown', '/%']) {
    const { headers, text } = await house.call('GET', path)
    assert.is(headers.get('content-security-policy'), "default-src 'none';frame-ancestors 'none'", path)
    assert.equal([headers.get('x-content-type-options'), headers.get('x-frame-options')], ['nosniff', 'DENY'])
    assert.equal([headers.get('x-powered-by'), headers.get('server')], [null, null])
    assert.match(headers.get('x-request-id') ?? '', /^req_/)
    assert.not(/ at .*\.ts:\d+/.test(text), 'no stack trace')
  }
})

test('/openapi.json is 3.1 and lists every route with its whole path', async () => {
  const { status, body } = await house.call('GET', '/openapi.json', open)
  assert.equal([status, body.openapi], [200, '3.1.0'])
  for (const [method, path] of [
    ['post', '/api/v1/payments'],
    ['get', '/api/v1/payments/{id}'],
    ['get', '/api/v1/payments/{id}/public'],
    ['get', '/api/v1/payments/{id}/timeline'],
    ['post', '/api/v1/payments/{id}/capture'],
    ['post', '/api/v1/payments/{id}/cancel'],
    ['post', '/api/v1/payments/{id}/refunds'],
    ['get', '/api/v1/refunds/{id}'],
    ['post', '/api/v1/orders'],
    ['get', '/api/v1/orders/{id}/public'],
    ['put', '/api/v1/webhooks/config'],
    ['post', '/api/v1/webhooks/secret/regenerate'],
    ['post', '/api/v1/webhooks/{id}/retry'],
    ['put', '/api/v1/merchants/webhook'],
    ['get', '/health'],
    ['get', '/api/v1/test/jobs/status'],
  ] as const) {
    assert.ok(body.paths[path]?.[method], `${method} ${path}`)
  }
  const bodyOf = (path: string) => body.paths[path].post.requestBody.required
  assert.equal([bodyOf('/api/v1/payments/{id}/capture'), bodyOf('/api/v1/payments')], [false, true])
  for (const name of ['Payment', 'Order', 'Refund', 'Webhook', 'Error']) assert.ok(body.components.schemas[name], name)
})

test.run()
