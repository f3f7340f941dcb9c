/** Paying with the checkout’s token: once an order, in place after a failure, and by a code that gives way. */
import { createHmac } from 'node:crypto'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { checkoutCalls, type Token } from './checkout.ts'
import { type House, openHouse } from './house.ts'

const test = suite('checkout payments')
let house: House
const { call, open, tokenFor, newOrder, payUpi, payByCode, ended } = checkoutCalls(() => house)

test.before(async () => {
  house = await openHouse({ worker: true, bankDelayMs: 300 })
})
test.after(() => house.close())

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
  await ended(tokens[0] as Token, accepted[0]?.body.id)
  const late = await payUpi(tokens[1] as Token)
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
  const { status, body } = await payByCode(token)
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
  const code = await payByCode(token)
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
  const code = await payByCode(token)
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

test.run()
