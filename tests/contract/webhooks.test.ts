import { Webhook } from 'standardwebhooks'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { bodySignature } from '../../actors/index.ts'
import { type House, openHouse } from './house.ts'
import { openReceiver, type Receiver } from './receiver.ts'
import { until } from './until.ts'

const test = suite('webhooks are configured, sent, logged and retried')

let house: House
let receiver: Receiver
test.before(async () => {
  receiver = await openReceiver()
  house = await openHouse({ worker: true })
  await until(async () => (await house.call('GET', '/health')).status === 200)
})
test.after(async () => {
  await house?.close()
  await receiver?.close()
})

const configured = async () => (await house.call('GET', '/api/v1/webhooks/config')).body
const delivery = async (id: string) => (await house.call('GET', `/api/v1/webhooks/${id}`)).body

test('a URL is set, shown, changed and removed, under both paths', async () => {
  assert.equal(await configured(), { webhook_url: null, webhook_secret: 'whsec_test_abc123' })
  for (const [path, url] of [
    ['/api/v1/webhooks/config', 'http://127.0.0.1:1/a'],
    ['/api/v1/merchants/webhook', receiver.url],
  ] as const) {
    const { status, body } = await house.call('PUT', path, { body: { webhook_url: url } })
    assert.equal([status, body], [200, { webhook_url: url, webhook_secret: 'whsec_test_abc123' }])
    assert.is((await configured()).webhook_url, url)
  }
  assert.is(await house.count('webhook_endpoints'), 1)
  assert.is(
    (await house.call('PUT', '/api/v1/webhooks/config', { body: { webhook_url: null } })).body.webhook_url,
    null,
  )
  assert.is(await house.count('webhook_endpoints'), 0)
})

test('two that set the first URL at once make one endpoint', async () => {
  await Promise.all(
    Array.from({ length: 8 }, () =>
      house.call('PUT', '/api/v1/webhooks/config', { body: { webhook_url: receiver.url } }),
    ),
  )
  assert.is(await house.count('webhook_endpoints'), 1)
})

test('the profile knows the merchant and its URL', async () => {
  const { body } = await house.call('GET', '/api/v1/merchants/profile')
  assert.equal(
    [body.id, body.name, body.email, body.test, body.webhook_url],
    ['550e8400-e29b-41d4-a716-446655440000', 'Test Merchant', 'test@example.com', true, receiver.url],
  )
})

test('a test event is sent to the URL, signed twice over the same bytes', async () => {
  const { status, body } = await house.call('POST', '/api/v1/webhooks/test')
  assert.equal([status, body.event, body.status], [200, 'webhook.test', 'pending'])
  const received = await receiver.next('webhook.test')
  assert.is(received.headers['x-webhook-signature'], bodySignature(received.text, 'whsec_test_abc123'))
  assert.is(JSON.stringify(JSON.parse(received.text)), received.text)
  assert.is(JSON.parse(received.text).data.payment.status, 'success')
  await until(async () => (await delivery(body.id)).status === 'success')
  const logged = await delivery(body.id)
  assert.equal([logged.payload, logged.event_id], [received.text, received.headers['webhook-id']])
  assert.equal([logged.attempts, logged.response_code, logged.next_retry_at], [1, 200, null])
  const [attempt] = logged.attempt_log
  assert.equal([attempt.attempt, attempt.response_code, attempt.error, attempt.response_body], [1, 200, null, 'thanks'])
  assert.is(attempt.request_headers['webhook-id'], logged.event_id)
})

test("a payment's events are told, and listed with the payment as it was", async () => {
  const { body } = await house.call('POST', '/api/v1/payments', {
    body: { order_id: 'ord_test_001', method: 'upi', vpa: 'test@upi' },
  })
  const told = JSON.parse((await receiver.next('payment.success')).text)
  const payment = (await house.call('GET', `/api/v1/payments/${body.id}`)).body
  assert.equal(told.data.payment, payment)
  assert.type(told.timestamp, 'number')
  const events = (await house.call('GET', `/api/v1/events?payment_id=${body.id}`)).body
  const listed = events.data.map(({ type, sequence }: { type: string; sequence: number }) => `${sequence} ${type}`)
  assert.equal(listed.sort(), ['1 payment.created', '2 payment.pending', '3 payment.success'])
  const [newest] = events.data
  const one = (await house.call('GET', `/api/v1/events/${newest.id}`)).body
  assert.equal(one, newest)
  assert.equal(one.data, told.data)
})

test('a delivery that succeeded can be retried: the same event id, attempts from the start', async () => {
  const { body } = await house.call('POST', '/api/v1/webhooks/test')
  const first = await receiver.next('webhook.test')
  await until(async () => (await delivery(body.id)).status === 'success')
  const retried = await house.call('POST', `/api/v1/webhooks/${body.id}/retry`)
  const expected = { id: body.id, status: 'pending', message: 'Webhook retry scheduled' }
  assert.equal([retried.status, retried.body], [200, expected])
  const second = await receiver.next('webhook.test')
  assert.is(second.headers['webhook-id'], first.headers['webhook-id'])
  assert.is(second.text, first.text)
  await until(async () => (await delivery(body.id)).attempt_log.length === 2)
  assert.equal(
    (await delivery(body.id)).attempt_log.map(({ attempt }: { attempt: number }) => attempt),
    [1, 1],
  )
})

test('a retry under a key runs once', async () => {
  const { body } = await house.call('POST', '/api/v1/webhooks/test')
  await receiver.next('webhook.test')
  const retry = () =>
    house.call('POST', `/api/v1/webhooks/${body.id}/retry`, { headers: { 'idempotency-key': 'retry' } })
  const answers = await Promise.all([retry(), retry(), retry()])
  assert.is(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size, 1)
  assert.is(answers.filter(({ headers }) => headers.has('idempotent-replayed')).length, 2)
  await receiver.next('webhook.test')
  await until(async () => (await delivery(body.id)).attempt_log.length === 2)
})

test('a rotated secret signs at once, beside the one before', async () => {
  for (const path of ['/api/v1/webhooks/secret/regenerate', '/api/v1/merchants/webhook/regenerate-secret']) {
    const before = (await configured()).webhook_secret
    const { status, body } = await house.call('POST', path)
    assert.is(status, 200)
    assert.match(body.webhook_secret, /^whsec_[A-Za-z0-9+/]{43}=$/)
    assert.is((await configured()).webhook_secret, body.webhook_secret)
    const graceMs = Date.parse(body.previous_secret_expires_at) - Date.now()
    assert.ok(Math.abs(graceMs - 24 * 3_600_000) < 60_000)
    await house.call('POST', '/api/v1/merchants/webhook/test')
    const { text, headers } = await receiver.next('webhook.test')
    assert.is(headers['x-webhook-signature'], bodySignature(text, body.webhook_secret))
    new Webhook(body.webhook_secret).verify(text, headers)
    const format = before === 'whsec_test_abc123' ? ({ format: 'raw' } as const) : undefined
    new Webhook(before, format).verify(text, headers)
  }
})

test('without a URL nothing is delivered and nothing can be tested', async () => {
  await house.call('PUT', '/api/v1/webhooks/config', { body: { webhook_url: null } })
  assert.is((await house.call('POST', '/api/v1/webhooks/test')).status, 400)
})

test.run()
