/** The checkout's part of the API, without a browser: what its token opens and what it does not. */
import { createHmac } from 'node:crypto'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Answer, type House, OPERATOR_TOKEN, openHouse, TEST_KEY } from './house.ts'

const test = suite('checkout API')
const CHECKOUT = 'http://localhost:3001'
let house: House

test.before(async () => {
  house = await openHouse({ worker: true, bankDelayMs: 300 })
})
test.after(() => house.close())

const call = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
  house.call(method, path, { body, headers: { 'x-api-key': '', 'x-api-secret': '', origin: CHECKOUT, ...headers } })

const open = (fields: object, origin = CHECKOUT) =>
  call('POST', '/api/v1/checkout/sessions', { key: TEST_KEY, ...fields }, { origin })

async function tokenFor(orderId: string): Promise<Record<string, string>> {
  const { body } = await open({ order_id: orderId })
  return { authorization: `Bearer ${body.token}` }
}

async function newOrder() {
  return (await house.call('POST', '/api/v1/orders', { body: { amount: 50_000 } })).body
}

async function liveShop(allowedOrigins: string[]) {
  const operator = { authorization: `Bearer ${OPERATOR_TOKEN}` }
  const { body } = await call('POST', '/api/v1/merchants', { name: 'Live Shop', email: 'live@example.com' }, operator)
  const keys = { 'x-api-key': body.api_key, 'x-api-secret': body.api_secret }
  const put = await call('PUT', '/api/v1/merchants/allowed_origins', { allowed_origins: allowedOrigins }, keys)
  assert.is(put.status, 200)
  const order = await call('POST', '/api/v1/orders', { amount: 10_000 }, keys)
  return { key: body.api_key as string, keys, orderId: order.body.id as string }
}

const payUpi = (token: Record<string, string>, vpa = 'success@sim', headers: Record<string, string> = {}) =>
  call('POST', '/api/v1/checkout/payments', { method: 'upi', vpa }, { ...token, ...headers })

/** Waits for the payment's end, by its stream. */
async function ended(token: Record<string, string>, id: string): Promise<Answer['body']> {
  const { text } = await call('GET', `/api/v1/checkout/payments/${id}/stream`, undefined, token)
  const events = text.split('\n\n').filter((event) => event.includes('data: '))
  return JSON.parse(events.at(-1)?.split('data: ')[1] ?? 'null')
}

test('a session shows the order and its seller, and nothing of the order’s notes', async () => {
  const { status, body } = await open({ order_id: 'ORDER_123' })
  assert.is(status, 201)
  assert.equal(Object.keys(body), ['token', 'expires_at', 'order', 'merchant', 'return_url'])
  assert.is(body.order.amount, 50_000)
  assert.equal(body.merchant, { name: 'Test Merchant', test: true })
  const lifeMs = Date.parse(body.expires_at) - Date.now()
  assert.ok(lifeMs > 60_000 && lifeMs <= 15 * 60_000, `${lifeMs} ms`)
})

test('a session is for a known key, a known order, and its own client_secret', async () => {
  const order = await newOrder()
  const status = async (fields: object) => (await open(fields)).status
  assert.is(await status({ key: 'key_test_nobody', order_id: 'ORDER_123' }), 401)
  assert.is(await status({ order_id: 'order_nobody' }), 404)
  assert.is(await status({ order_id: order.id, client_secret: 'wrong' }), 403)
  assert.is(await status({ order_id: order.id, client_secret: order.client_secret }), 201)
  assert.is(
    await status({ key: null, order_id: order.id }),
    201,
    'without a key the order’s own merchant, a test merchant',
  )
})

test('a page of another origin gets no session, and a page of the merchant’s does', async () => {
  assert.is((await open({ order_id: 'ORDER_123' }, 'https://elsewhere.example')).status, 403)
  const shop = await liveShop(['https://shop.example.com'])
  const fields = { key: shop.key, order_id: shop.orderId }
  assert.is((await open(fields, 'https://shop.example.com')).status, 201)
  assert.is(
    (await open(fields, 'http://localhost:8080')).status,
    403,
    'a live merchant is not open to developers’ machines',
  )
  assert.is((await open({ key: null, order_id: shop.orderId })).status, 404, 'nor without its key')
})

test('a shopper is sent back to the merchant’s own pages only', async () => {
  const back = async (returnUrl: string) => (await open({ order_id: 'ORDER_123', return_url: returnUrl })).status
  assert.is(await back('http://localhost:8080/thanks'), 201)
  for (const wrong of ['https://elsewhere.example/', 'javascript:alert(1)', '/thanks'])
    assert.is(await back(wrong), 400)
})

test('allowed origins are origins, letter for letter', async () => {
  for (const wrong of [
    'https://shop.example.com/',
    'shop.example.com',
    "https://a.example 'unsafe-inline'",
    'ftp://a.example',
  ]) {
    const { status, body } = await house.call('PUT', '/api/v1/merchants/allowed_origins', {
      body: { allowed_origins: [wrong] },
    })
    assert.is(status, 400, wrong)
    assert.is(body.error.field, 'allowed_origins')
  }
})

test('the token pays its own order, whatever the body says', async () => {
  const [mine, other] = [await newOrder(), await newOrder()]
  const token = await tokenFor(mine.id)
  const { status, body } = await call(
    'POST',
    '/api/v1/checkout/payments',
    { method: 'upi', vpa: 'success@sim', order_id: other.id, amount: 1 },
    token,
  )
  assert.is(status, 201)
  assert.is(body.order_id, mine.id)
  assert.is(body.amount, 50_000)
})

test('the token opens its own order’s payments and nothing else', async () => {
  const token = await tokenFor((await newOrder()).id)
  const { body: foreign } = await house.call('POST', '/api/v1/payments', {
    body: { order_id: 'ORDER_123', method: 'upi', vpa: 'success@sim' },
  })
  for (const path of [`/${foreign.id}`, `/${foreign.id}/stream`, '/pay_nobody']) {
    assert.is((await call('GET', `/api/v1/checkout/payments${path}`, undefined, token)).status, 404)
  }
  assert.is((await call('GET', '/api/v1/payments', undefined, token)).status, 401)
  assert.is((await payUpi({})).status, 401)
})

test('its stream tells each step, and the proof comes with success', async () => {
  const order = await newOrder()
  const token = await tokenFor(order.id)
  const { body: accepted } = await payUpi(token)
  assert.is(accepted.status, 'pending')
  assert.is(accepted.signature, undefined)
  const { headers, text } = await call('GET', `/api/v1/checkout/payments/${accepted.id}/stream`, undefined, token)
  assert.match(headers.get('content-type') ?? '', /^text\/event-stream/)
  const seen = [...text.matchAll(/data: (.*)/g)].map(([, data]) => JSON.parse(data as string))
  assert.ok(
    seen.some(({ status, stage, expected_in_ms: inMs }) => status === 'pending' && stage === 'sent' && inMs !== null),
  )
  const last = seen.at(-1)
  assert.is(last.status, 'success')
  const proof = createHmac('sha256', 'whsec_test_abc123').update(`${order.id}|${accepted.id}`).digest('hex')
  assert.is(last.signature, proof)
})

test('of many that pay an order at once one is let in; after a success nobody is', async () => {
  const order = await newOrder()
  const tokens = await Promise.all(Array.from({ length: 8 }, () => tokenFor(order.id)))
  const answers = await Promise.all(tokens.map((token) => payUpi(token)))
  const accepted = answers.filter(({ status }) => status === 201)
  assert.is(accepted.length, 1)
  for (const { body } of answers.filter(({ status }) => status !== 201)) {
    assert.is(`${body.error.code}: ${body.error.description}`, 'CONFLICT_ERROR: Order already paid')
  }
  await ended(tokens[0] as Record<string, string>, accepted[0]?.body.id)
  const late = await payUpi(tokens[1] as Record<string, string>)
  assert.is(late.body.error.reason, 'order_paid')
  const withSecret = await house.call('POST', '/api/v1/payments', {
    body: { order_id: order.id, method: 'upi', vpa: 'success@sim' },
  })
  assert.is(withSecret.status, 201, 'with the merchant’s secret an order may be paid any number of times')
})

test('an order that the merchant’s server has had paid is paid for the checkout too', async () => {
  const order = await newOrder()
  const { body } = await house.call('POST', '/api/v1/payments', {
    body: { order_id: order.id, method: 'upi', vpa: 'success.0s@sim' },
  })
  const token = await tokenFor(order.id)
  await ended(token, body.id)
  assert.is((await payUpi(token)).body.error.reason, 'order_paid')
  assert.is((await open({ order_id: order.id })).body.order.payable, false)
})

test('the seeded orders are paid again and again', async () => {
  const token = await tokenFor('ORDER_123')
  for (let round = 0; round < 2; round++) {
    const { body } = await payUpi(token, 'success.0s@sim')
    assert.is((await ended(token, body.id)).status, 'success')
  }
  assert.is((await open({ order_id: 'ORDER_123' })).body.order.payable, true)
})

test('after a failure the same order is tried again', async () => {
  const token = await tokenFor((await newOrder()).id)
  const failed = await ended(token, (await payUpi(token, 'failure@sim')).body.id)
  assert.is(failed.error_code, 'PAYMENT_FAILED')
  assert.is((await ended(token, (await payUpi(token)).body.id)).status, 'success')
})

test('a repeat under its key gives the same bytes, also after the payment has succeeded', async () => {
  const token = await tokenFor((await newOrder()).id)
  const key = { 'idempotency-key': 'one-click' }
  const first = await payUpi(token, 'success.0s@sim', key)
  await ended(token, first.body.id)
  const again = await payUpi(token, 'success.0s@sim', key)
  assert.is(again.status, 201)
  assert.is(again.text, first.text)
  assert.is(again.headers.get('idempotent-replayed'), 'true')
})

test('a code is UPI without a payer, until the bank names one', async () => {
  const order = await newOrder()
  const token = await tokenFor(order.id)
  const { status, body } = await call('POST', '/api/v1/checkout/payments', { method: 'upi', flow: 'qr' }, token)
  assert.is(status, 201)
  assert.is(body.vpa, null)
  const link = `upi://pay?pa=testmerchant@sim&pn=Test%20Merchant&am=500.00&cu=INR&tr=${body.id}&tn=${order.id}`
  assert.is(body.upi_link, link)
  const paid = await ended(token, body.id)
  assert.equal([paid.status, paid.vpa, paid.upi_link], ['success', 'payer@sim', undefined])
})

test('a code that nobody has paid gives way, and is never charged', async () => {
  const order = await newOrder()
  const token = await tokenFor(order.id)
  const code = await call('POST', '/api/v1/checkout/payments', { method: 'upi', flow: 'qr' }, token)
  // Another tab: it knows nothing of the code, and still finds the way free.
  const other = await payUpi(await tokenFor(order.id))
  assert.is(other.status, 201)
  const given = await ended(token, code.body.id)
  assert.equal([given.status, given.error_code], ['failed', 'PAYMENT_CANCELED'])
  assert.is((await ended(token, other.body.id)).status, 'success')
})

test('a code that was paid in the same moment is kept, and nothing else is charged', async () => {
  const order = await newOrder()
  const token = await tokenFor(order.id)
  const code = await call('POST', '/api/v1/checkout/payments', { method: 'upi', flow: 'qr' }, token)
  assert.is((await ended(token, code.body.id)).status, 'success')
  const late = await call(
    'POST',
    '/api/v1/checkout/payments',
    { method: 'upi', vpa: 'success@sim', replaces: code.body.id },
    token,
  )
  assert.equal([late.status, late.body.error.reason], [409, 'order_paid'])
})

test('what the shopper mistyped is told by its field', async () => {
  const token = await tokenFor('ORDER_123')
  const wrong = await payUpi(token, 'nobody')
  assert.equal([wrong.status, wrong.body.error.code, wrong.body.error.field], [400, 'INVALID_VPA', 'vpa'])
  const card = { number: '4111111111111112', expiry_month: '12', expiry_year: '28', cvv: '123', holder_name: null }
  const body = (await call('POST', '/api/v1/checkout/payments', { method: 'card', card }, token)).body
  assert.is(body.error.code, 'INVALID_CARD')
})

test('browsers are let to the checkout’s routes and kept from all that take a secret', async () => {
  const allowed = async (path: string, origin: string) => {
    const headers = { origin, 'access-control-request-method': 'POST' }
    return (await call('OPTIONS', path, undefined, headers)).headers.get('access-control-allow-origin')
  }
  assert.is(await allowed('/api/v1/checkout/payments', CHECKOUT), CHECKOUT)
  assert.is(await allowed('/api/v1/checkout/payments', 'http://127.0.0.1:3001'), 'http://127.0.0.1:3001')
  assert.is(await allowed('/api/v1/checkout/payments', 'https://elsewhere.example'), null)
  assert.is(await allowed('/api/v1/payments', CHECKOUT), null)
  assert.is(await allowed('/api/v1/payments/public', CHECKOUT), CHECKOUT)
})

test('the open route pays for test merchants alone', async () => {
  const pay = (orderId: string) =>
    call('POST', '/api/v1/payments/public', { order_id: orderId, method: 'upi', vpa: 'success@sim' })
  const { status, body } = await pay('ORDER_123')
  assert.is(status, 201)
  assert.is((await call('GET', `/api/v1/payments/${body.id}/public`)).status, 200)
  const shop = await liveShop([])
  assert.is((await pay(shop.orderId)).status, 404)
  const live = await call('POST', '/api/v1/payments', { order_id: shop.orderId, method: 'upi', vpa: 'a@b' }, shop.keys)
  assert.is((await call('GET', `/api/v1/payments/${live.body.id}/public`)).status, 404)
})

test.run()
