import { createPublicKey, verify } from 'node:crypto'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { bodySignature } from '../../actors/index.ts'
import { type House, openHouse } from './house.ts'
import { openReceiver, type Receiver } from './receiver.ts'
import { until } from './until.ts'

const test = suite('webhook endpoints')

const PATH = '/api/v1/webhook_endpoints'
let house: House
let receiver: Receiver
test.before(async () => {
  receiver = await openReceiver()
  house = await openHouse({ worker: true })
})
test.after(async () => {
  await house?.close()
  await receiver?.close()
})
test.before.each(async () => {
  await house.database.kysely.deleteFrom('webhook_endpoints').execute()
})

const create = async (body: object, headers = {}) => await house.call('POST', PATH, { body, headers })
const created = async (body: object = {}) => (await create({ url: receiver.url, ...body })).body
const configured = async () => (await house.call('GET', '/api/v1/webhooks/config')).body

test('an endpoint is made with everything it may have, shown, listed, changed and removed', async () => {
  const body = {
    url: receiver.url,
    description: 'the warehouse',
    events: ['payment.*', 'refund.processed'],
    retry_intervals: [5, 60],
    timeout_ms: 12_000,
    headers: { 'X-Tenant': 'a', authorization: 'Bearer b' },
    ordered: true,
    rate_limit: 20,
    asymmetric: true,
  }
  const { status, body: made } = await create(body)
  assert.is(status, 201)
  assert.match(made.id, /^whe_[A-Za-z0-9]{16}$/)
  const { asymmetric: _, headers: __, ...kept } = body
  assert.equal(Object.fromEntries(Object.keys(kept).map((name) => [name, made[name]])), kept)
  assert.equal(made.headers, { 'x-tenant': 'a', authorization: 'Bearer b' })
  assert.equal([made.status, made.disabled_reason, made.failing_since, made.warning], ['enabled', null, null, null])
  assert.match(made.public_key, /^whpk_[A-Za-z0-9+/]{43}=$/)
  const { warning: ___, ...shown } = made
  assert.equal((await house.call('GET', `${PATH}/${made.id}`)).body, shown)
  const list = (await house.call('GET', PATH)).body
  assert.equal([list.data, list.total, list.next_cursor], [[shown], 1, null])
  for (const [method, change] of [
    ['PATCH', { timeout_ms: 1_000 }],
    ['PUT', { ordered: false, headers: null, retry_intervals: null, rate_limit: null, asymmetric: false }],
  ] as const) {
    assert.is((await house.call(method, `${PATH}/${made.id}`, { body: change })).status, 200)
  }
  const changed = (await house.call('GET', `${PATH}/${made.id}`)).body
  assert.equal(changed, {
    ...shown,
    ...{ timeout_ms: 1_000, ordered: false, headers: {}, retry_intervals: null, rate_limit: null, public_key: null },
  })
  const removed = await house.call('DELETE', `${PATH}/${made.id}`)
  assert.equal([removed.status, removed.body], [200, { id: made.id, deleted: true }])
  assert.is((await house.call('GET', `${PATH}/${made.id}`)).status, 404)
})

test('the schedule for three days is named and kept as its list', async () => {
  const { retry_intervals } = await created({ retry_intervals: '75h' })
  assert.is(retry_intervals.length, 9)
  assert.is(Math.floor(retry_intervals.reduce((a: number, b: number) => a + b) / 3_600), 75)
})

test('what cannot be chosen is refused with the field and what is allowed, and nothing is written', async () => {
  const table: [object, string, RegExp][] = [
    [{ url: 'ftp://x.example/' }, 'url', /http or https URL/],
    [{ url: 'nonsense' }, 'url', /http or https URL/],
    [{ url: `https://x.example/${'a'.repeat(2_048)}` }, 'url', /2048 characters/],
    [{ events: [] }, 'events', /list of 1 to 32 events/],
    [{ events: ['payment.paid'] }, 'events', /payment\.success/],
    [{ events: 'payment.success' }, 'events', /list/],
    [{ status: 'paused' }, 'status', /enabled, disabled/],
    [{ retry_intervals: '3d' }, 'retry_intervals', /"75h" or null/],
    [{ retry_intervals: [0] }, 'retry_intervals', /1 to 86400/],
    [{ retry_intervals: Array(21).fill(1) }, 'retry_intervals', /at most 20/],
    [{ timeout_ms: 999 }, 'timeout_ms', /at least 1000/],
    [{ timeout_ms: 30_001 }, 'timeout_ms', /at most 30000/],
    [{ rate_limit: 0 }, 'rate_limit', /1/],
    [{ headers: { host: 'x' } }, 'headers', /set by the gateway/],
    [{ headers: { 'Webhook-Signature': 'x' } }, 'headers', /set by the gateway/],
    [{ headers: { 'X-Webhook-Signature': 'x' } }, 'headers', /set by the gateway/],
    [{ headers: { 'content-length': '0' } }, 'headers', /set by the gateway/],
    [{ headers: { 'x-a': 'b\r\nhost: c' } }, 'headers', /printable ASCII/],
    [{ headers: { 'x a': 'b' } }, 'headers', /not a header's name/],
    [{ headers: Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`x-${n}`, ''])) }, 'headers', /at most 20/],
  ]
  for (const [body, field, text] of table) {
    const { status, body: answer } = await create({ url: receiver.url, ...body })
    assert.equal(
      [status, answer.error?.code, answer.error?.field],
      [400, 'BAD_REQUEST_ERROR', field],
      JSON.stringify(body),
    )
    assert.match(answer.error.description, text)
  }
  assert.is(await house.count('webhook_endpoints'), 0)
})

test('nobody else has it, and what is none is not found', async () => {
  const { id } = await created()
  const other = (
    await house.call('POST', '/api/v1/merchants', {
      body: { name: 'Other', email: 'o@example.com' },
      headers: { authorization: 'Bearer operator-token-of-a-test' },
    })
  ).body
  const headers = { 'x-api-key': other.api_key, 'x-api-secret': other.api_secret }
  for (const [method, path] of [
    ['GET', `${PATH}/${id}`],
    ['PATCH', `${PATH}/${id}`],
    ['DELETE', `${PATH}/${id}`],
    ['POST', `${PATH}/${id}/secret/regenerate`],
    ['POST', `${PATH}/${id}/test`],
    ['POST', `${PATH}/${id}/gauntlet`],
    ['GET', `${PATH}/${id}/public`],
    ['GET', `${PATH}/whe_nobody`],
  ] as const) {
    const answer = await house.call(method, path, { headers, ...(method === 'PATCH' ? { body: {} } : {}) })
    assert.is(answer.status, 404, `${method} ${path}`)
  }
  assert.is((await house.call('GET', PATH, { headers })).body.total, 0)
})

test('a merchant has at most twenty', async () => {
  for (let n = 0; n < 20; n++) assert.is((await create({ url: receiver.url })).status, 201)
  const { status, body } = await create({ url: receiver.url })
  assert.equal([status, body.error.code], [400, 'BAD_REQUEST_ERROR'])
  assert.match(body.error.description, 'at most 20')
})

test('under one key one endpoint is made and answered with the same bytes, and its secret is not stored in the clear', async () => {
  await created()
  const key = { 'idempotency-key': 'one endpoint' }
  const answers = await Promise.all([1, 2, 3].map(() => create({ url: receiver.url }, key)))
  assert.is(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size, 1)
  assert.is(await house.count('webhook_endpoints'), 2)
  const { secret } = answers[0]!.body
  const stored = await house.database.kysely.selectFrom('idempotency_keys').select('response').execute()
  assert.ok(stored.every(({ response }) => !response?.includes(secret)))
})

test('the simple configuration is a view of the first endpoint, URL and secret', async () => {
  const first = await created()
  const second = await created({ url: `${receiver.url}/second` })
  assert.equal(await configured(), { webhook_url: first.url, webhook_secret: first.secret })
  assert.is(first.secret, 'whsec_test_abc123')
  assert.is.not(second.secret, first.secret)
  await house.call('DELETE', `${PATH}/${first.id}`)
  assert.equal(await configured(), { webhook_url: second.url, webhook_secret: second.secret })
  const { webhook_secret: rotated } = (await house.call('POST', '/api/v1/webhooks/secret/regenerate')).body
  assert.is((await configured()).webhook_secret, rotated)
  assert.is((await house.call('GET', `${PATH}/${second.id}`)).body.secret, rotated)
})

test('each endpoint gets the events that it wants, with its own headers, signed with its own secret', async () => {
  const wants = async (events: string[], path: string) =>
    created({ events, url: `${receiver.url}${path}`, headers: { 'x-path': path } })
  const all = await wants(['*'], '/all')
  const successes = await wants(['payment.success'], '/success')
  await wants(['refund.*'], '/refunds')
  const secrets: Record<string, string> = { '/all': all.secret, '/success': successes.secret }
  await house.call('POST', '/api/v1/payments', {
    body: { order_id: 'ord_test_001', method: 'upi', vpa: 'success@sim' },
  })
  const got = await Promise.all([receiver.next('payment.success'), receiver.next('payment.success')])
  assert.equal(got.map(({ headers }) => headers['x-path']).sort(), ['/all', '/success'])
  for (const { text, headers } of got) {
    assert.is(headers['x-webhook-signature'], bodySignature(text, secrets[headers['x-path'] as string] as string))
  }
  assert.is((await receiver.next('payment.created')).headers['x-path'], '/all')
  assert.is((await receiver.next('payment.pending')).headers['x-path'], '/all')
  assert.equal(receiver.waiting, 0)
})

test('every event of a payment says its place among them', async () => {
  await created()
  await house.call('POST', '/api/v1/payments', {
    body: { order_id: 'ord_test_001', method: 'upi', vpa: 'success@sim' },
  })
  const texts = await Promise.all(
    ['payment.created', 'payment.pending', 'payment.success'].map(async (event) => (await receiver.next(event)).text),
  )
  assert.equal(
    texts.map((text) => JSON.parse(text).sequence),
    [1, 2, 3],
  )
  assert.equal(Object.keys(JSON.parse(texts[0] as string)), ['event', 'timestamp', 'data', 'sequence'])
})

test('what a merchant put into headers is sent, and hidden in the log', async () => {
  const { id } = await created({ headers: { authorization: 'Bearer b' } })
  const { id: delivery } = (await house.call('POST', `${PATH}/${id}/test`)).body
  assert.is((await receiver.next('webhook.test')).headers.authorization, 'Bearer b')
  const details = async () => (await house.call('GET', `/api/v1/webhooks/${delivery}`)).body
  await until(async () => (await details()).status === 'success')
  const [attempt] = (await details()).attempt_log
  assert.is(attempt.request_headers.authorization, '(hidden)')
  assert.is(attempt.address, '127.0.0.1')
  assert.ok('wait' in attempt.timings)
})

test('an ed25519 signature is checked with the public key, which anybody may fetch', async () => {
  const { id, public_key } = await created({ asymmetric: true })
  const fetched = await house.call('GET', `${PATH}/${id}/public`, { headers: null })
  assert.equal([fetched.status, fetched.body], [200, { id, public_key }])
  await house.call('POST', `${PATH}/${id}/test`)
  const { text, headers } = await receiver.next('webhook.test')
  const signature = headers['webhook-signature']?.split(' ').find((part) => part.startsWith('v1a,')) ?? ''
  const signed = Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${text}`)
  const spki = Buffer.concat([
    Buffer.from('302a300506032b6570032100', 'hex'),
    Buffer.from(public_key.slice(5), 'base64'),
  ])
  const key = createPublicKey({ key: spki, format: 'der', type: 'spki' })
  assert.ok(verify(null, signed, key, Buffer.from(signature.slice(4), 'base64')))
  const { id: none } = await created()
  assert.is((await house.call('GET', `${PATH}/${none}/public`, { headers: null })).status, 404)
})

test('a URL that leads inside is saved with a warning, and its webhooks fail in the words of the guard', async () => {
  const inside = await created({ url: 'http://10.1.2.3/hooks' })
  assert.match(inside.warning, '10.1.2.3, which is not a public address')
  assert.match((await created({ url: 'http://nowhere.invalid/' })).warning, 'host name')
  const { id } = (await house.call('POST', `${PATH}/${inside.id}/test`)).body
  const details = async () => (await house.call('GET', `/api/v1/webhooks/${id}`)).body
  await until(async () => (await details()).attempts === 1)
  assert.is((await details()).attempt_log[0].error, 'address 10.1.2.3 is not public')
})

test('a disabled endpoint gets nothing, and can be tested only once it is enabled', async () => {
  const { id } = await created({ status: 'disabled' })
  assert.is((await house.call('POST', `${PATH}/${id}/test`)).status, 400)
  const { body } = await house.call('PATCH', `${PATH}/${id}`, { body: { status: 'enabled' } })
  assert.equal([body.status, body.disabled_reason], ['enabled', null])
  assert.is((await house.call('POST', `${PATH}/${id}/test`)).status, 200)
  await receiver.next('webhook.test')
})

test('deliveries are found by event, endpoint, payment and state', async () => {
  const [first, second] = [await created(), await created()]
  const payment = (
    await house.call('POST', '/api/v1/payments', {
      body: { order_id: 'ord_test_001', method: 'upi', vpa: 'success@sim' },
    })
  ).body
  const count = async (query: string) => (await house.call('GET', `/api/v1/webhooks?${query}`)).body.total
  await until(async () => (await count(`payment_id=${payment.id}&status=success`)) === 6)
  const events = (await house.call('GET', `/api/v1/events?payment_id=${payment.id}`)).body.data
  assert.is(await count(`event_id=${events[0].id}`), 2)
  assert.is(await count(`event_id=${events[0].id}&endpoint_id=${second.id}`), 1)
  assert.is(await count(`endpoint_id=${first.id}`), 3)
  assert.is(await count('event_id=evt_nobody'), 0)
  const tested = (await house.call('POST', `${PATH}/${first.id}/test`)).body
  const { event_id } = (await house.call('GET', `/api/v1/webhooks/${tested.id}`)).body
  assert.is(await count(`event_id=${event_id}`), 1)
})

test.run()
