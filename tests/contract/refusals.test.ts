import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { TEST_MERCHANT_ID } from '../../schema/seed.ts'
import { type CallOptions, CREDENTIALS, type House, OPERATOR_TOKEN, openHouse, runtimeWithoutRedis } from './house.ts'

const test = suite("a refused request is answered in the contract's words and leaves nothing behind")

let house: House
let stranger: Record<string, string>
let paymentId: string

test.before(async () => {
  house = await openHouse({ worker: false })
  const { body } = await house.call('POST', '/api/v1/merchants', {
    body: { name: 'Other', email: 'other@example.com', test: true },
    headers: { authorization: `Bearer ${OPERATOR_TOKEN}` },
  })
  stranger = { 'x-api-key': body.api_key, 'x-api-secret': body.api_secret }
  paymentId = (await house.call('POST', '/api/v1/payments', { body: upi({}) })).body.id
})

test.after(() => house?.close())

const upi = (fields: object) => ({ order_id: 'ord_test_001', method: 'upi', vpa: 'test@upi', ...fields })
const card = (fields: object) => ({
  order_id: 'ord_test_001',
  method: 'card',
  card: { number: '4242424242424242', expiry_month: 12, expiry_year: 2099, cvv: '123', holder_name: 'A B', ...fields },
})
const payments = '/api/v1/payments'

interface Case {
  call: [method: string, path: string, options?: CallOptions]
  answer: [status: number, code: string, description?: string, field?: string]
}

const cases: Record<string, Case> = {
  'wrong secret': {
    call: ['POST', payments, { body: upi({}), headers: { 'x-api-secret': 'wrong' } }],
    answer: [401, 'AUTHENTICATION_ERROR', 'Invalid API credentials'],
  },
  'unknown key': {
    call: ['POST', payments, { body: upi({}), headers: { 'x-api-key': 'key_test_unknown' } }],
    answer: [401, 'AUTHENTICATION_ERROR', 'Invalid API credentials'],
  },
  'no key at all': {
    call: ['GET', payments, { headers: null }],
    answer: [401, 'AUTHENTICATION_ERROR', 'Invalid API credentials'],
  },
  'no key, and a body that is wrong too: authentication comes first': {
    call: ['POST', payments, { body: '{', headers: { 'x-api-key': '' } }],
    answer: [401, 'AUTHENTICATION_ERROR', 'Invalid API credentials'],
  },
  "a merchant's keys on an operator's route": {
    call: ['POST', '/api/v1/merchants', { body: { name: 'X', email: 'x@example.com' } }],
    answer: [403, 'AUTHORIZATION_ERROR'],
  },
  'a wrong operator token': {
    call: [
      'POST',
      '/api/v1/merchants',
      { body: { name: 'X', email: 'x@example.com' }, headers: { authorization: 'Bearer no' } },
    ],
    answer: [401, 'AUTHENTICATION_ERROR', 'Invalid API credentials'],
  },
  'unknown order without an amount': {
    call: ['POST', payments, { body: upi({ order_id: 'nobody_knows' }) }],
    answer: [404, 'NOT_FOUND_ERROR', 'Order not found', 'order_id'],
  },
  'known order with another amount': {
    call: ['POST', payments, { body: upi({ amount: 60000 }) }],
    answer: [400, 'BAD_REQUEST_ERROR', "amount must be the order's amount, 50000", 'amount'],
  },
  'known order with another currency': {
    call: ['POST', payments, { body: upi({ amount: 50000, currency: 'USD' }) }],
    answer: [400, 'BAD_REQUEST_ERROR', "currency must be the order's currency, INR", 'currency'],
  },
  'unknown currency': {
    call: ['POST', payments, { body: upi({ order_id: 'new', amount: 100, currency: 'XYZ' }) }],
    answer: [400, 'BAD_REQUEST_ERROR', 'currency must be an active ISO 4217 code, such as INR', 'currency'],
  },
  'amount 99': {
    call: ['POST', payments, { body: upi({ order_id: 'new', amount: 99 }) }],
    answer: [400, 'BAD_REQUEST_ERROR', 'amount must be at least 100', 'amount'],
  },
  'amount "500"': {
    call: ['POST', payments, { body: upi({ order_id: 'new', amount: '500' }) }],
    answer: [400, 'BAD_REQUEST_ERROR', undefined, 'amount'],
  },
  'amount 100.5': {
    call: ['POST', payments, { body: upi({ order_id: 'new', amount: 100.5 }) }],
    answer: [400, 'BAD_REQUEST_ERROR', undefined, 'amount'],
  },
  'amount 2^53': {
    call: ['POST', payments, { body: upi({ order_id: 'new', amount: 2 ** 53 }) }],
    answer: [400, 'BAD_REQUEST_ERROR', 'amount must be at most 999999999999', 'amount'],
  },
  'order of 99': {
    call: ['POST', '/api/v1/orders', { body: { amount: 99 } }],
    answer: [400, 'BAD_REQUEST_ERROR', 'amount must be at least 100', 'amount'],
  },
  'order without an amount': {
    call: ['POST', '/api/v1/orders', { body: {} }],
    answer: [400, 'BAD_REQUEST_ERROR', 'amount is required', 'amount'],
  },
  'notes that are no object': {
    call: ['POST', '/api/v1/orders', { body: { amount: 100, notes: 'x' } }],
    answer: [400, 'BAD_REQUEST_ERROR', undefined, 'notes'],
  },
  'notes that are too long': {
    call: ['POST', '/api/v1/orders', { body: { amount: 100, notes: { a: 'x'.repeat(17_000) } } }],
    answer: [400, 'BAD_REQUEST_ERROR', 'notes must be at most 16384 characters of JSON', 'notes'],
  },
  'an order id that can be none': {
    call: ['POST', payments, { body: upi({ order_id: 'no spaces', amount: 100 }) }],
    answer: [
      400,
      'BAD_REQUEST_ERROR',
      'order_id must be 1 to 64 characters of A-Z, a-z, 0-9, dot, underscore and dash',
      'order_id',
    ],
  },
  'no method': {
    call: ['POST', payments, { body: { order_id: 'ord_test_001', vpa: 'test@upi' } }],
    answer: [400, 'BAD_REQUEST_ERROR', 'method is required', 'method'],
  },
  'a method that is none': {
    call: ['POST', payments, { body: upi({ method: 'cash' }) }],
    answer: [400, 'BAD_REQUEST_ERROR', 'method must be one of upi, card', 'method'],
  },
  'no VPA': {
    call: ['POST', payments, { body: upi({ vpa: undefined }) }],
    answer: [400, 'BAD_REQUEST_ERROR', 'vpa is required', 'vpa'],
  },
  'malformed VPA': {
    call: ['POST', payments, { body: upi({ order_id: 'new', amount: 100, vpa: 'test@@upi' }) }],
    answer: [400, 'INVALID_VPA', undefined, 'vpa'],
  },
  'a card that fails Luhn': {
    call: ['POST', payments, { body: card({ number: '4242424242424241' }) }],
    answer: [400, 'INVALID_CARD', undefined, 'card.number'],
  },
  'a card without a CVV': {
    call: ['POST', payments, { body: card({ cvv: undefined }) }],
    answer: [400, 'BAD_REQUEST_ERROR', 'card.cvv is required', 'card.cvv'],
  },
  'a CVV of two digits': {
    call: ['POST', payments, { body: card({ cvv: '12' }) }],
    answer: [400, 'INVALID_CARD', undefined, 'card.cvv'],
  },
  'month 13': {
    call: ['POST', payments, { body: card({ expiry_month: '13' }) }],
    answer: [400, 'INVALID_CARD', undefined, 'card.expiry'],
  },
  'an expired card': {
    call: ['POST', payments, { body: card({ expiry_month: 1, expiry_year: '20' }) }],
    answer: [400, 'EXPIRED_CARD', 'The card has expired', 'card.expiry'],
  },
  'method card without a card': {
    call: ['POST', payments, { body: { order_id: 'ord_test_001', method: 'card' } }],
    answer: [400, 'BAD_REQUEST_ERROR', 'card is required', 'card'],
  },
  'a flat card without its expiry': {
    call: [
      'POST',
      payments,
      { body: { order_id: 'ord_test_001', method: 'card', card_number: '4242424242424242', card_cvv: '123' } },
    ],
    answer: [400, 'BAD_REQUEST_ERROR', 'card_expiry is required', 'card_expiry'],
  },
  'a body of 2 MB': {
    call: ['POST', payments, { body: upi({ vpa: 'x'.repeat(2_000_000) }) }],
    answer: [413, 'BAD_REQUEST_ERROR'],
  },
  'broken JSON': {
    call: ['POST', payments, { body: '{"order_id": ' }],
    answer: [400, 'BAD_REQUEST_ERROR', 'the body must be valid JSON'],
  },
  'a body that is a list': {
    call: ['POST', '/api/v1/orders', { body: [1] }],
    answer: [400, 'BAD_REQUEST_ERROR', 'the body must be a JSON object'],
  },
  'no body': {
    call: ['POST', payments],
    answer: [400, 'BAD_REQUEST_ERROR', 'the body must be a JSON object'],
  },
  'another content type': {
    call: ['POST', payments, { body: 'order_id=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
    answer: [415, 'BAD_REQUEST_ERROR', 'content-type must be application/json'],
  },
  'a content type that is none': {
    call: ['POST', payments, { body: '{}', headers: { 'content-type': 'json' } }],
    answer: [415, 'BAD_REQUEST_ERROR', 'content-type must be application/json'],
  },
  'U+0000 in a string': {
    call: ['POST', '/api/v1/orders', { body: { amount: 100, receipt: 'a\0b' } }],
    answer: [400, 'BAD_REQUEST_ERROR', 'receipt must be Unicode text without U+0000', 'receipt'],
  },
  'U+0000 deep in the notes': {
    call: ['POST', '/api/v1/orders', { body: { amount: 100, notes: { a: [{ b: '\0' }] } } }],
    answer: [400, 'BAD_REQUEST_ERROR', undefined, 'notes.a.0.b'],
  },
  'half a surrogate pair': {
    call: ['POST', '/api/v1/orders', { body: '{"amount":100,"receipt":"\\ud800"}' }],
    answer: [400, 'BAD_REQUEST_ERROR', undefined, 'receipt'],
  },
  'U+0000 in the URL': {
    call: ['GET', `${payments}/pay_%00`],
    answer: [400, 'BAD_REQUEST_ERROR', 'the URL must not contain U+0000'],
  },
  'nesting without an end': {
    call: ['POST', '/api/v1/orders', { body: `{"amount":100,"notes":{"a":${'['.repeat(5000)}${']'.repeat(5000)}}}` }],
    answer: [400, 'BAD_REQUEST_ERROR', 'the body must not be nested deeper than 32 levels'],
  },
  __proto__: {
    call: ['POST', '/api/v1/orders', { body: '{"amount":100,"notes":{"__proto__":{"a":1}}}' }],
    answer: [400, 'BAD_REQUEST_ERROR'],
  },
  'an Idempotency-Key of 256 characters': {
    call: ['POST', payments, { body: upi({}), headers: { 'idempotency-key': 'x'.repeat(256) } }],
    answer: [400, 'BAD_REQUEST_ERROR', 'Idempotency-Key must be 1 to 255 characters', 'Idempotency-Key'],
  },
  'unknown route': {
    call: ['GET', '/api/v1/nothing'],
    answer: [404, 'NOT_FOUND_ERROR', 'Route not found'],
  },
  'a known route with another method': {
    call: ['DELETE', payments],
    answer: [404, 'NOT_FOUND_ERROR', 'Route not found'],
  },
  'malformed URL': {
    call: ['GET', '/api/v1/payments/%E0%A4%A'],
    answer: [400, 'BAD_REQUEST_ERROR', 'the URL is malformed'],
  },
  'unknown payment': {
    call: ['GET', `${payments}/pay_0123456789abcdef`],
    answer: [404, 'NOT_FOUND_ERROR', 'Payment not found'],
  },
  'unknown refund': {
    call: ['GET', '/api/v1/refunds/rfnd_0123456789abcdef'],
    answer: [404, 'NOT_FOUND_ERROR', 'Refund not found'],
  },
  'a webhook id that is no UUID': {
    call: ['POST', '/api/v1/webhooks/1/retry'],
    answer: [404, 'NOT_FOUND_ERROR', 'Webhook not found'],
  },
  'unknown webhook': {
    call: ['POST', '/api/v1/webhooks/0198f2a4-0000-7000-8000-000000000000/retry'],
    answer: [404, 'NOT_FOUND_ERROR', 'Webhook not found'],
  },
  'a test event without a URL': {
    call: ['POST', '/api/v1/webhooks/test'],
    answer: [400, 'BAD_REQUEST_ERROR', undefined, 'webhook_url'],
  },
  'a webhook URL that is none': {
    call: ['PUT', '/api/v1/webhooks/config', { body: { webhook_url: 'ftp://example.com' } }],
    answer: [
      400,
      'BAD_REQUEST_ERROR',
      'webhook_url must be an http or https URL of at most 2048 characters',
      'webhook_url',
    ],
  },
  'a webhook URL that is too long': {
    call: ['PUT', '/api/v1/webhooks/config', { body: { webhook_url: `http://example.com/${'x'.repeat(2048)}` } }],
    answer: [
      400,
      'BAD_REQUEST_ERROR',
      'webhook_url must be an http or https URL of at most 2048 characters or null',
      'webhook_url',
    ],
  },
  'limit 0': {
    call: ['GET', `${payments}?limit=0`],
    answer: [400, 'BAD_REQUEST_ERROR', 'limit must be at least 1', 'limit'],
  },
  'limit 101': {
    call: ['GET', `${payments}?limit=101`],
    answer: [400, 'BAD_REQUEST_ERROR', 'limit must be at most 100', 'limit'],
  },
  'limit ten': {
    call: ['GET', `${payments}?limit=ten`],
    answer: [400, 'BAD_REQUEST_ERROR', 'limit must be an integer', 'limit'],
  },
  'limit empty': {
    call: ['GET', `${payments}?limit=`],
    answer: [400, 'BAD_REQUEST_ERROR', 'limit must be an integer', 'limit'],
  },
  'limit twice': {
    call: ['GET', `${payments}?limit=1&limit=2`],
    answer: [400, 'BAD_REQUEST_ERROR', undefined, 'limit'],
  },
  'offset 10001': {
    call: ['GET', `${payments}?offset=10001`],
    answer: [400, 'BAD_REQUEST_ERROR', undefined, 'offset'],
  },
  'offset -1': {
    call: ['GET', `${payments}?offset=-1`],
    answer: [400, 'BAD_REQUEST_ERROR', 'offset must be at least 0', 'offset'],
  },
  "a cursor of nobody's": {
    call: ['GET', `${payments}?cursor=abc`],
    answer: [400, 'BAD_REQUEST_ERROR', undefined, 'cursor'],
  },
  'a status that is none': {
    call: ['GET', `${payments}?status=lost`],
    answer: [400, 'BAD_REQUEST_ERROR', 'status must be one of pending, success, failed', 'status'],
  },
  'a date that is none': {
    call: ['GET', `${payments}?from=yesterday`],
    answer: [400, 'BAD_REQUEST_ERROR', undefined, 'from'],
  },
}

for (const [name, { call, answer }] of Object.entries(cases)) {
  test(name, async () => {
    const before = await house.counts()
    const { status, body } = await house.call(...call)
    const [expectedStatus, code, description, field] = answer
    assert.is(status, expectedStatus, JSON.stringify(body))
    assert.is(body.error.code, code)
    if (description !== undefined) assert.is(body.error.description, description)
    else assert.ok(body.error.description.length > 10)
    if (field !== undefined) assert.is(body.error.field, field)
    assert.equal(await house.counts(), before)
  })
}

const strange: [method: string, path: (id: string) => string, body?: object][] = [
  ['GET', (id) => `${payments}/${id}`],
  ['GET', (id) => `${payments}/${id}/timeline`],
]
for (const [method, path] of strange) {
  test(`another merchant's payment is not found: ${method} ${path('{id}')}`, async () => {
    const { status, body } = await house.call(method, path(paymentId), { headers: stranger })
    assert.equal([status, body.error.code, body.error.description], [404, 'NOT_FOUND_ERROR', 'Payment not found'])
  })
}

test("another merchant's order is not found, and its lists show only its own", async () => {
  const order = await house.call('GET', '/api/v1/orders/ord_test_001', { headers: stranger })
  assert.equal([order.status, order.body.error.description], [404, 'Order not found'])
  for (const list of ['orders', 'payments', 'refunds', 'webhooks', 'events']) {
    assert.is((await house.call('GET', `/api/v1/${list}`, { headers: stranger })).body.total, 0)
  }
  assert.is((await house.call('GET', `${payments}?q=${paymentId}`, { headers: stranger })).body.total, 0)
})

test("another merchant's refund, event and webhook are not found either", async () => {
  const { kysely } = house.database
  const owner = { merchant_id: TEST_MERCHANT_ID, payment_id: paymentId }
  const event = { id: 'evt_0123456789abcdef', at: new Date() }
  const webhookId = '0198f2a4-0000-7000-8000-000000000002'
  const about = { type: 'payment.success', sequence: 1 }
  await kysely
    .insertInto('refunds')
    .values({ ...owner, id: 'rfnd_0123456789abcdee', amount: 1 })
    .execute()
  await kysely
    .insertInto('events')
    .values({ ...owner, ...about, id: event.id, payload: '{"data":{}}', created_at: event.at })
    .execute()
  await kysely
    .insertInto('webhook_deliveries')
    .values({ ...owner, ...about, id: webhookId, endpoint_id: 'whe_0', event_id: event.id, event_at: event.at })
    .execute()
  for (const [noun, path] of [
    ['Refund', '/api/v1/refunds/rfnd_0123456789abcdee'],
    ['Event', `/api/v1/events/${event.id}`],
    ['Webhook', `/api/v1/webhooks/${webhookId}`],
  ]) {
    assert.is((await house.call('GET', `${path}`)).status, 200, noun)
    const { status, body } = await house.call('GET', `${path}`, { headers: stranger })
    assert.equal([status, body.error.description], [404, `${noun} not found`])
  }
  const retry = await house.call('POST', `/api/v1/webhooks/${webhookId}/retry`, { headers: stranger })
  assert.equal([retry.status, await house.count('inbox')], [404, 0])
})

test('commands are refused with 503 and Retry-After while nobody could decide them', async () => {
  const before = await house.counts()
  for (const command of ['capture', 'cancel', 'refunds']) {
    const { status, headers, body } = await house.call('POST', `${payments}/${paymentId}/${command}`, {
      body: { amount: 100 },
    })
    assert.equal([status, body.error.code], [503, 'SERVER_ERROR'])
    assert.ok(Number(headers.get('retry-after')) >= 1)
    assert.ok(body.error.request_id)
  }
  assert.equal(await house.counts(), before)
})

test('a mailbox that is full takes no more: 429, and nothing is written', async () => {
  const patient = await openHouse({ worker: false, runtime: { ...runtimeWithoutRedis(), canAsk: async () => true } })
  try {
    const { id } = (await patient.call('POST', payments, { body: upi({}) })).body
    await patient.database.kysely.insertInto('mailboxes').values({ actor_id: id, next_seq: 1_001 }).execute()
    const { status, body, headers } = await patient.call('POST', `${payments}/${id}/capture`)
    assert.equal([status, body.error.code, headers.get('retry-after')], [429, 'RATE_LIMIT_ERROR', '1'])
    assert.is(await patient.count('inbox'), 0)
    const unknown = await patient.call('POST', `${payments}/pay_0123456789abcdef/capture`)
    assert.equal([unknown.status, unknown.body.error.description], [404, 'Payment not found'])
    const strange = await patient.call('POST', '/api/v1/merchants', {
      body: { name: 'Other', email: 'other@example.com' },
      headers: { authorization: `Bearer ${OPERATOR_TOKEN}` },
    })
    const headersOfOther = { 'x-api-key': strange.body.api_key, 'x-api-secret': strange.body.api_secret }
    for (const command of ['capture', 'cancel', 'refunds']) {
      const answer = await patient.call('POST', `${payments}/${id}/${command}`, {
        body: { amount: 100 },
        headers: headersOfOther,
      })
      assert.equal([answer.status, answer.body.error.description], [404, 'Payment not found'])
    }
    assert.is(await patient.count('inbox'), 0)
  } finally {
    await patient.close()
  }
})

test('what is no HTTP at all is answered in the same envelope', async () => {
  const { port } = new URL(house.url)
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1', () => socket.end('HELLO\r\n\r\n'))
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk
    })
    socket.on('end', () => resolve(text))
    socket.on('error', reject)
  })
  assert.match(answer, /^HTTP\/1\.1 400 Bad Request\r\n/)
  assert.is(JSON.parse(answer.split('\r\n\r\n')[1] ?? '').error.code, 'BAD_REQUEST_ERROR')
})

test('an empty body under content-type JSON is no body', async () => {
  const { port } = new URL(house.url)
  const status = await new Promise((resolve, reject) => {
    const headers = { ...CREDENTIALS, 'content-type': 'application/json', 'content-length': '0' }
    const options = { host: '127.0.0.1', port, method: 'POST', path: '/api/v1/webhooks/secret/regenerate', headers }
    httpRequest(options, (response) => resolve(response.resume().statusCode))
      .on('error', reject)
      .end()
  })
  assert.is(status, 200)
})

test.run()
