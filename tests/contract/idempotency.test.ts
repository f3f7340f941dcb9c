import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type House, OPERATOR_TOKEN, openHouse, runtimeWithoutRedis, TEST_KEY } from './house.ts'
import { until } from './until.ts'

const test = suite('an Idempotency-Key makes a request run once')

let house: House
test.before(async () => {
  house = await openHouse({ worker: true })
  await until(async () => (await house.call('GET', '/health')).status === 200)
})
test.after(() => house?.close())

const body = { order_id: 'ord_test_001', method: 'upi', vpa: 'test@upi' }
const post = (path: string, key: string, sent: object = body) =>
  house.call('POST', path, { body: sent, headers: { 'idempotency-key': key } })

async function paid(): Promise<string> {
  const { id } = (await house.call('POST', '/api/v1/payments', { body })).body
  await until(async () => (await house.call('GET', `/api/v1/payments/${id}`)).body.status === 'success')
  return id
}

test('fifty payments at once under one key are one payment and fifty equal answers', async () => {
  const before = await house.count('payments')
  const answers = await Promise.all(Array.from({ length: 50 }, () => post('/api/v1/payments', 'fifty')))
  assert.is(new Set(answers.map(({ text }) => text)).size, 1)
  assert.equal(new Set(answers.map(({ status }) => status)), new Set([201]))
  assert.is(answers.filter(({ headers }) => headers.get('idempotent-replayed') === 'true').length, 49)
  assert.is(await house.count('payments'), before + 1)
})

test('a replay is the same bytes, later too, when the payment has moved on', async () => {
  const first = await post('/api/v1/payments', 'later')
  await until(async () => (await house.call('GET', `/api/v1/payments/${first.body.id}`)).body.status === 'success')
  const again = await post('/api/v1/payments', 'later')
  assert.equal([again.status, again.text, again.headers.get('idempotent-replayed')], [201, first.text, 'true'])
  assert.is(first.headers.get('idempotent-replayed'), null)
})

test('the same key with another body is a conflict, and nothing is done', async () => {
  await post('/api/v1/payments', 'other-body')
  const written = async () => ({ ...(await house.counts()), events: 'the worker emits them meanwhile' })
  const before = await written()
  for (const other of [
    { ...body, vpa: 'other@upi' },
    { ...body, amount: 60_000 },
    { ...body, order_id: 'unknown' },
    { ...body, order_id: 'never_seen', amount: 700 },
    { ...body, vpa: 'malformed' },
  ]) {
    const { status, body: answer } = await post('/api/v1/payments', 'other-body', other)
    assert.equal([status, answer.error.code, answer.error.field], [409, 'CONFLICT_ERROR', 'Idempotency-Key'])
  }
  assert.equal((await post('/api/v1/orders', 'other-body', { amount: 100 })).status, 409)
  assert.equal(await written(), before)
})

test('another card number or CVV is another body', async () => {
  const card = { number: '4242424242424242', expiry_month: 12, expiry_year: 2099, cvv: '123' }
  const request = { order_id: 'ord_test_001', method: 'card', card }
  assert.is((await post('/api/v1/payments', 'card', request)).status, 201)
  assert.is((await post('/api/v1/payments', 'card', request)).headers.get('idempotent-replayed'), 'true')
  for (const other of [{ number: '4111111111111111' }, { cvv: '124' }]) {
    assert.is((await post('/api/v1/payments', 'card', { ...request, card: { ...card, ...other } })).status, 409)
  }
})

test('a refused request leaves its key free', async () => {
  assert.is((await post('/api/v1/payments', 'free', { ...body, vpa: 'malformed' })).status, 400)
  assert.is((await post('/api/v1/payments', 'free')).status, 201)
})

test("a key is its merchant's own", async () => {
  const { body: other } = await house.call('POST', '/api/v1/merchants', {
    body: { name: 'Other', email: 'other@example.com', test: true },
    headers: { authorization: `Bearer ${OPERATOR_TOKEN}` },
  })
  const headers = { 'x-api-key': other.api_key, 'x-api-secret': other.api_secret, 'idempotency-key': 'shared' }
  const mine = await post('/api/v1/orders', 'shared', { amount: 500 })
  const theirs = await house.call('POST', '/api/v1/orders', { body: { amount: 500 }, headers })
  assert.equal([theirs.status, theirs.headers.get('idempotent-replayed')], [201, null])
  assert.is.not(theirs.body.id, mine.body.id)
})

test("an order's replay shows its client secret again", async () => {
  const first = await post('/api/v1/orders', 'order', { amount: 500 })
  const again = await post('/api/v1/orders', 'order', { amount: 500 })
  assert.equal([again.status, again.text], [201, first.text])
})

test('twenty refunds at once under one key are one refund', async () => {
  const id = await paid()
  const path = `/api/v1/payments/${id}/refunds`
  const answers = await Promise.all(Array.from({ length: 20 }, () => post(path, 'refund', { amount: 100 })))
  assert.is(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size, 1)
  assert.is(answers[0]?.status, 201)
  assert.is((await house.call('GET', `/api/v1/refunds?payment_id=${id}`)).body.total, 1)
  assert.is((await post(path, 'refund', { amount: 101 })).status, 409)
})

test("a command's refusal is replayed too, whatever has changed since", async () => {
  const id = await paid()
  const path = `/api/v1/payments/${id}`
  assert.is((await post(`${path}/capture`, 'first capture', {})).status, 200)
  const refused = await post(`${path}/capture`, 'second capture', {})
  const again = await post(`${path}/capture`, 'second capture', {})
  assert.equal([refused.status, again.status, again.text], [400, 400, refused.text])
  assert.is((await post(`${path}/capture`, 'first capture', {})).headers.get('idempotent-replayed'), 'true')
  assert.is((await post(`${path}/cancel`, 'first capture', {})).status, 409)
})

test("a merchant who chose so gets a mismatched key's stored answer", async () => {
  const { body: merchant } = await house.call('POST', '/api/v1/merchants', {
    body: { name: 'Lenient', email: 'lenient@example.com', test: true },
    headers: { authorization: `Bearer ${OPERATOR_TOKEN}` },
  })
  const keys = { 'x-api-key': merchant.api_key, 'x-api-secret': merchant.api_secret }
  const setting = { idempotency_mismatch: 'replay' }
  await house.call('PATCH', '/api/v1/merchants/profile', { body: setting, headers: keys })
  const headers = { ...keys, 'idempotency-key': 'k' }
  const first = await house.call('POST', '/api/v1/orders', { body: { amount: 500 }, headers })
  const other = await house.call('POST', '/api/v1/orders', { body: { amount: 600 }, headers })
  assert.equal([other.status, other.text], [201, first.text])
  assert.equal([other.headers.get('idempotency-mismatch'), first.headers.get('idempotency-mismatch')], ['true', null])

  const paid = await house.call('POST', '/api/v1/payments', { body: { ...body, amount: 500 }, headers: keys })
  const path = `/api/v1/payments/${paid.body.id}`
  await until(async () => (await house.call('GET', path, { headers: keys })).body.status === 'success')
  const command = { ...keys, 'idempotency-key': 'command' }
  const captured = await house.call('POST', `${path}/capture`, { headers: command })
  for (const [another, sent] of [
    ['/api/v1/orders', { amount: 500 }],
    ['/api/v1/api_keys', {}],
    [`${path}/refunds`, { amount: 100 }],
  ] as const) {
    const replayed = await house.call('POST', another, { body: sent, headers: command })
    assert.equal([replayed.status, replayed.text], [200, captured.text], another)
    assert.is(replayed.headers.get('idempotency-mismatch'), 'true')
  }
})

test('every POST takes a key: what it changed is changed once', async () => {
  await house.call('PUT', '/api/v1/webhooks/config', { body: { webhook_url: 'http://127.0.0.1:9/' } })
  const operator = { authorization: `Bearer ${OPERATOR_TOKEN}` }
  for (const [path, sent, headers, table] of [
    ['/api/v1/merchants', { name: 'Once', email: 'once@example.com' }, operator, 'merchants'],
    ['/api/v1/webhooks/test', {}, {}, "events where type = 'webhook.test'"],
    ['/api/v1/webhooks/secret/regenerate', {}, {}, null],
    ['/api/v1/webhook_endpoints', { url: 'http://127.0.0.1:9/' }, {}, 'webhook_endpoints'],
    ['/api/v1/api_keys', { kind: 'publishable' }, {}, 'api_keys'],
  ] as const) {
    const before = table && (await house.count(table))
    const call = () =>
      house.call('POST', path, { body: sent, headers: { ...headers, 'idempotency-key': `once ${path}` } })
    const answers = await Promise.all([call(), call(), call()])
    answers.push(await call())
    assert.is(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size, 1, path)
    assert.is(answers.filter((answer) => answer.headers.get('idempotent-replayed') === 'true').length, 3, path)
    if (table) assert.is(await house.count(table), (before as number) + 1, path)
    const changed = { ...headers, 'idempotency-key': `once ${path}` }
    assert.is(
      (await house.call('POST', path, { body: { ...sent, name: 'x', url: 'http://127.0.0.1:8/' }, headers: changed }))
        .status,
      409,
      path,
    )
  }
})

test('no secret is kept in the clear beside its key', async () => {
  const secrets = [
    (await post('/api/v1/orders', 'secret order', { amount: 500 })).body.client_secret,
    (await post('/api/v1/webhooks/secret/regenerate', 'secret webhook', {})).body.webhook_secret,
    (await post('/api/v1/api_keys', 'secret key', {})).body.api_secret,
  ]
  const stored = JSON.stringify(await house.database.kysely.selectFrom('idempotency_keys').selectAll().execute())
  for (const secret of secrets) {
    assert.ok(secret.length > 20)
    assert.not(stored.includes(secret))
  }
})

test('what happened under a key can be looked up', async () => {
  const look = (key: string) => house.call('GET', `/api/v1/idempotency_keys/${encodeURIComponent(key)}`)
  const payment = await post('/api/v1/payments', 'look: up/ü')
  const { status, body: found } = await look('look: up/ü')
  assert.equal([status, found.state, found.object_id], [200, 'answered', payment.body.id])
  assert.equal([found.response_status, found.response, found.secret], [201, payment.body, false])
  assert.is(Date.parse(found.expires_at) - Date.parse(found.created_at), 86_400_000)
  const id = await paid()
  const refused = await post(`/api/v1/payments/${id}/refunds`, 'look refused', { amount: 50_001 })
  const command = (await look('look refused')).body
  assert.equal([command.response_status, command.response], [400, refused.body])
  await post('/api/v1/orders', 'look secret', { amount: 500 })
  const order = (await look('look secret')).body
  assert.equal([order.response_status, order.response, order.secret], [201, null, true])
  assert.is((await look('never used')).status, 404)
})

test('a shopper and a merchant never meet under one key', async () => {
  const order = (await house.call('POST', '/api/v1/orders', { body: { amount: 500 } })).body
  const session = { key: TEST_KEY, order_id: order.id }
  const { token } = (await house.call('POST', '/api/v1/checkout/sessions', { body: session, headers: null })).body
  const mine = await post('/api/v1/orders', 'met', { amount: 500 })
  const theirs = await house.call('POST', '/api/v1/checkout/payments', {
    body: { method: 'upi', vpa: 'a@b' },
    headers: { authorization: `Bearer ${token}`, 'idempotency-key': 'met' },
  })
  assert.equal([mine.status, theirs.status, theirs.headers.get('idempotent-replayed')], [201, 201, null])
})

test('an undecided command is 202, stays in force, and its key waits for the decision', async () => {
  const undecided = await openHouse({ worker: false, runtime: { ...runtimeWithoutRedis(), canAsk: async () => true } })
  try {
    const { id } = (await undecided.call('POST', '/api/v1/payments', { body })).body
    const refund = () =>
      undecided.call('POST', `/api/v1/payments/${id}/refunds`, {
        body: { amount: 100, reason: 'late' },
        headers: { 'idempotency-key': 'late' },
      })
    const first = await refund()
    assert.equal([first.status, first.body.status, first.body.reason], [202, 'pending', 'late'])
    const again = await refund()
    assert.equal([again.status, again.body.id], [202, first.body.id])
    assert.is(await undecided.count('inbox'), 1)
    const read = async () => (await undecided.call('GET', `/api/v1/refunds/${first.body.id}`)).body
    assert.equal([(await read()).status, (await read()).payment_id, (await read()).amount], ['pending', id, 100])

    const refusal = { code: 'BAD_REQUEST_ERROR', description: 'Payment not in refundable state' }
    const result = JSON.stringify({ status: 400, body: { error: refusal } })
    await undecided.database.kysely.updateTable('inbox').set({ handled_at: new Date(), result }).execute()
    const decided = await refund()
    assert.equal([decided.status, decided.body], [400, { error: refusal }])
    assert.equal([(await read()).status, (await read()).error_description], ['failed', refusal.description])

    const capture = await undecided.call('POST', `/api/v1/payments/${id}/capture`)
    assert.equal([capture.status, capture.body.id, capture.body.captured], [202, id, false])
  } finally {
    await undecided.close()
  }
})

test.run()
