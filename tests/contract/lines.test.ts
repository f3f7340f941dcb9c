import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { callsOf, readDocument } from './document.ts'
import { HARMLESS } from './furnish.ts'
import { type House, OPERATOR_TOKEN, openHouse } from './house.ts'
import { openReceiver, type Receiver } from './receiver.ts'
import { until } from './until.ts'

const test = suite('lines of the contract that belong to no other story')

let house: House
let receiver: Receiver
test.before(async () => {
  receiver = await openReceiver()
  house = await openHouse({ worker: true, demo: true, chaos: HARMLESS })
  await until(async () => (await house.call('GET', '/health')).status === 200)
})
test.after(async () => {
  await house?.close()
  await receiver?.close()
})

const PAYMENTS = '/api/v1/payments'
const get = async (path: string) => (await house.call('GET', path)).body
const post = (path: string, body: object = {}) => house.call('POST', path, { body })
const pay = async (fields: object = {}): Promise<string> =>
  (await post(PAYMENTS, { order_id: 'ord_test_001', method: 'upi', vpa: 'test@upi', ...fields })).body.id
const becomes = (id: string, status: string) =>
  until(async () => (await get(`${PAYMENTS}/${id}`)).status === status).then(() => id)
const paid = async (fields: object = {}) => becomes(await pay(fields), 'success')

test('events are streamed under paths that end in /stream alone', async () => {
  for (const { name, operation } of callsOf(await readDocument(house))) {
    const streams = Object.values(operation.responses).some(({ content = {} }) => 'text/event-stream' in content)
    assert.is(streams, name.endsWith('/stream'), name)
  }
})

test('the reference opens without a key', async () => {
  const { status, text } = await house.call('GET', '/docs', { headers: null })
  assert.is(status, 200)
  assert.match(text, '<html')
})

test('what a route does not know is ignored', async () => {
  const { status, body } = await post('/api/v1/orders', { amount: 700, colour: 'red', id: 'mine' })
  assert.equal([status, 'colour' in body, body.id === 'mine'], [201, false, false])
})

test('one key of two merchants is two keys', async () => {
  const { body: other } = await house.call('POST', '/api/v1/merchants', {
    body: { name: 'Other', email: 'other@example.com', test: true },
    headers: { authorization: `Bearer ${OPERATOR_TOKEN}` },
  })
  const order = (headers: object) =>
    house.call('POST', '/api/v1/orders', {
      body: { amount: 700 },
      headers: { 'idempotency-key': 'shared', ...headers },
    })
  const [ours, theirs] = [
    await order({}),
    await order({ 'x-api-key': other.api_key, 'x-api-secret': other.api_secret }),
  ]
  assert.equal([ours.status, theirs.status, theirs.headers.get('idempotent-replayed')], [201, 201, null])
  assert.is.not(ours.body.id, theirs.body.id)
})

test('with the secret a paid order is paid again, and never goes back', async () => {
  const { body: order } = await post('/api/v1/orders', { amount: 700 })
  for (const n of [1, 2]) {
    await paid({ order_id: order.id })
    const { status, attempts, amount_paid } = await get(`/api/v1/orders/${order.id}`)
    assert.equal([status, attempts, amount_paid], ['paid', n, n * 700])
  }
  await becomes(await pay({ order_id: order.id, vpa: 'failure@sim' }), 'failed')
  assert.is((await get(`/api/v1/orders/${order.id}`)).status, 'paid')
})

const CARDS: [number: string, status: string, description?: string][] = [
  ['4242424242424242', 'success'],
  ['4111111111111111', 'success'],
  ['4000000000000002', 'failed', 'Card declined'],
  ['4000000000009995', 'failed', 'Insufficient funds'],
  ['4000000000000069', 'failed', 'Card expired'],
]
for (const [number, status, description] of CARDS) {
  test(`the test card ${number} ends in ${description ?? status}`, async () => {
    const card = { number, expiry_month: 12, expiry_year: 2099, cvv: '123', holder_name: 'A B' }
    const id = await becomes(await pay({ method: 'card', card }), status)
    assert.is((await get(`${PAYMENTS}/${id}`)).error_description, description)
  })
}

test('what is not in the right state is refused in the fixed words', async () => {
  const captured = await paid()
  await post(`${PAYMENTS}/${captured}/capture`)
  const failed = await becomes(await pay({ vpa: 'failure@sim' }), 'failed')
  const pending = await pay({ vpa: 'success.30s@sim' })
  for (const [id, command, description] of [
    [captured, 'capture', 'Payment not in capturable state'],
    [captured, 'cancel', 'Payment not in cancelable state'],
    [failed, 'capture', 'Payment not in capturable state'],
    [failed, 'cancel', 'Payment not in cancelable state'],
    [pending, 'capture', 'Payment not in capturable state'],
  ]) {
    const { status, body } = await post(`${PAYMENTS}/${id}/${command}`)
    assert.equal([status, body.error.code, body.error.description], [400, 'BAD_REQUEST_ERROR', description])
  }
  for (const id of [failed, pending]) assert.is((await post(`${PAYMENTS}/${id}/refunds`, { amount: 1 })).status, 400)
})

test('after a partial capture the captured amount is what can be refunded', async () => {
  const id = await paid()
  await post(`${PAYMENTS}/${id}/capture`, { amount: 30_000 })
  const over = await post(`${PAYMENTS}/${id}/refunds`, { amount: 30_001 })
  assert.equal([over.status, over.body.error.description], [400, 'Refund amount exceeds available amount'])
  assert.is((await post(`${PAYMENTS}/${id}/refunds`, { amount: 30_000 })).status, 201)
})

test('a timeline has seven fields a line', async () => {
  const { data } = await get(`${PAYMENTS}/${await paid()}/timeline`)
  for (const line of data) {
    assert.equal(Object.keys(line).sort(), ['at', 'cause', 'detail', 'duration_ms', 'kind', 'name', 'seq'])
    assert.ok(['message', 'attempt', 'state', 'event', 'webhook'].includes(line.kind), line.kind)
  }
})

test('a refund tells when it was processed', async () => {
  const id = await paid()
  const { body: refund } = await post(`${PAYMENTS}/${id}/refunds`, { amount: 700 })
  await until(async () => (await get(`/api/v1/refunds/${refund.id}`)).status === 'processed')
  const { processed_at: at } = await get(`/api/v1/refunds/${refund.id}`)
  assert.is(new Date(at).toISOString(), at)
  assert.is((await get(`/api/v1/refunds?payment_id=${id}`)).total, 1)
})

test('without a URL an event makes no delivery', async () => {
  const before = await house.count('webhook_deliveries')
  const id = await paid()
  await until(async () => (await get(`/api/v1/events?payment_id=${id}`)).total === 3)
  assert.is(await house.count('webhook_deliveries'), before)
})

const ROW = ['id', 'event', 'status', 'attempts', 'created_at', 'last_attempt_at', 'next_retry_at', 'response_code']
const DETAILS = [...ROW, 'event_id', 'endpoint_id', 'payload', 'attempt_log']
const ATTEMPT =
  'attempt, at, duration_ms, response_code, error, request_headers, response_headers, response_body, timings'.split(
    ', ',
  )

test('a webhook has its fields, and is sent again from every state with its attempts at 0', async () => {
  const configure = (webhook_url: string) => house.call('PUT', '/api/v1/webhooks/config', { body: { webhook_url } })
  await configure('http://127.0.0.1:9/')
  const { id } = (await post('/api/v1/webhooks/test')).body
  const details = () => get(`/api/v1/webhooks/${id}`)
  await until(async () => (await details()).attempt_log.length === 1)
  const [row] = (await get('/api/v1/webhooks?limit=1')).data
  const shown = await details()
  for (const name of ROW) assert.ok(name in row, name)
  for (const name of DETAILS) assert.ok(name in shown, name)
  for (const name of ATTEMPT) assert.ok(name in shown.attempt_log[0], name)
  assert.equal([shown.status, shown.attempts], ['pending', 1])
  const retry = async () => {
    const { status, body } = await post(`/api/v1/webhooks/${id}/retry`)
    assert.equal([status, body], [200, { id, status: 'pending', message: 'Webhook retry scheduled' }])
  }
  await retry()
  await until(async () => (await details()).attempt_log.length === 2)
  assert.is((await details()).attempts, 1)
  await house.database.run(
    {
      name: '',
      text: `update webhook_deliveries set status = 'failed', attempts = 5, timers = '{}', wake_at = null where id = $1`,
    },
    [id],
  )
  await configure(receiver.url)
  await retry()
  await until(async () => (await details()).status === 'success')
  assert.is((await details()).attempts, 1)
})

test('any http URL of 2048 characters is stored, wherever it leads', async () => {
  for (const url of [`http://10.0.0.1/${'x'.repeat(2_048 - 16)}`, 'https://[::1]:1/']) {
    const { status, body } = await house.call('PUT', '/api/v1/webhooks/config', { body: { webhook_url: url } })
    assert.equal([status, body.webhook_url], [200, url])
  }
})

test.run()
