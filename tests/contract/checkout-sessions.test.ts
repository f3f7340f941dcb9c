/** Opening a checkout: for whom, from where, and what a browser may call at all. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { CHECKOUT_ORIGIN, checkoutCalls } from './checkout.ts'
import { type House, OPERATOR_TOKEN, openHouse } from './house.ts'

const test = suite('checkout sessions')
let house: House
const { call, open, newOrder } = checkoutCalls(() => house)

test.before(async () => {
  house = await openHouse({ worker: true, bankDelayMs: 300 })
})
test.after(() => house.close())

async function liveShop(allowedOrigins: string[]) {
  const operator = { authorization: `Bearer ${OPERATOR_TOKEN}` }
  const { body } = await call('POST', '/api/v1/merchants', { name: 'Live Shop', email: 'live@example.com' }, operator)
  const keys = { 'x-api-key': body.api_key, 'x-api-secret': body.api_secret }
  const put = await call('PUT', '/api/v1/merchants/allowed_origins', { allowed_origins: allowedOrigins }, keys)
  assert.is(put.status, 200)
  const order = await call('POST', '/api/v1/orders', { amount: 10_000 }, keys)
  return { key: body.api_key as string, keys, orderId: order.body.id as string }
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

test('browsers are let to the checkout’s routes and kept from all that take a secret', async () => {
  const allowed = async (path: string, origin: string) => {
    const headers = { origin, 'access-control-request-method': 'POST' }
    return (await call('OPTIONS', path, undefined, headers)).headers.get('access-control-allow-origin')
  }
  assert.is(await allowed('/api/v1/checkout/payments', CHECKOUT_ORIGIN), CHECKOUT_ORIGIN)
  assert.is(await allowed('/api/v1/checkout/payments', 'http://127.0.0.1:3001'), 'http://127.0.0.1:3001')
  assert.is(await allowed('/api/v1/checkout/payments', 'https://elsewhere.example'), null)
  assert.is(await allowed('/api/v1/payments', CHECKOUT_ORIGIN), null)
  assert.is(await allowed('/api/v1/payments/public', CHECKOUT_ORIGIN), CHECKOUT_ORIGIN)
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
