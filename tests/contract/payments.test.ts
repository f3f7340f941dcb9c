import { sql } from 'kysely'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Acceptance, toAddress } from '../../actors/index.ts'
import { newUuid } from '../../schema/ids.ts'
import { TEST_MERCHANT_ID } from '../../schema/seed.ts'
import { CREDENTIALS, type House, openHouse } from './house.ts'
import { until } from './until.ts'

const test = suite('payments, as the README calls them')

let house: House
test.before(async () => {
  house = await openHouse({ worker: true })
  await until(async () => (await house.call('GET', '/health')).status === 200)
})
test.after(() => house?.close())

const pay = (fields: object = {}) =>
  house.call('POST', '/api/v1/payments', {
    body: { order_id: 'ord_test_001', method: 'upi', vpa: 'test@upi', ...fields },
  })
const read = async (id: string) => (await house.call('GET', `/api/v1/payments/${id}`)).body

/** A payment that the bank has said yes to. */
async function paid(fields: object = {}): Promise<string> {
  const { body } = await pay(fields)
  await until(async () => (await read(body.id)).status === 'success')
  return body.id
}

test("the original's four calls work as they are printed", async () => {
  const printed = {
    amount: 50000,
    currency: 'INR',
    method: 'upi',
    order_id: 'ord_test_001',
    vpa: 'test@upi',
  }
  const created = await house.call('POST', '/api/v1/payments', { body: printed })
  assert.is(created.status, 201)
  const { id, created_at: createdAt } = created.body
  assert.match(id, /^pay_[A-Za-z0-9]{16}$/)
  assert.is(new Date(createdAt).toISOString(), createdAt)
  assert.equal(created.body, { id, ...printed, status: 'pending', created_at: createdAt })
  await until(async () => (await read(id)).status === 'success')

  const captured = await house.call('POST', `/api/v1/payments/${id}/capture`)
  assert.equal([captured.status, captured.body.status, captured.body.captured], [200, 'success', true])

  const body = { amount: 1000, reason: 'Customer requested' }
  const refund = await house.call('POST', `/api/v1/payments/${id}/refunds`, { body })
  assert.is(refund.status, 201)
  assert.match(refund.body.id, /^rfnd_[A-Za-z0-9]{16}$/)
  const { id: refundId, created_at: refundedAt } = refund.body
  assert.equal(refund.body, { id: refundId, payment_id: id, ...body, status: 'pending', created_at: refundedAt })

  const jobs = await house.call('GET', '/api/v1/test/jobs/status', { headers: null })
  assert.is(jobs.status, 200)
  assert.is(jobs.body.worker_status, 'running')
})

test('an order that was never created is created with the amount of its first payment', async () => {
  const first = await pay({ order_id: 'shop.42_a-B', amount: 12345, currency: 'USD' })
  assert.equal([first.status, first.body.amount, first.body.currency], [201, 12345, 'USD'])
  const second = await pay({ order_id: 'shop.42_a-B' })
  assert.equal([second.status, second.body.amount, second.body.currency], [201, 12345, 'USD'])
  const order = await house.call('GET', '/api/v1/orders/shop.42_a-B')
  assert.equal([order.body.amount, order.body.currency, order.body.attempts], [12345, 'USD', 2])
})

test('a card payment shows its network and last four digits; both spellings of a card do', async () => {
  const nested = await pay({
    method: 'card',
    vpa: 'ignored beside a card',
    card: { number: '5555 5555-5555 4444', expiry_month: '12', expiry_year: '99', cvv: '123', holder_name: 'A B' },
  })
  const flat = await pay({
    method: 'card',
    vpa: 1,
    card_number: '4111111111111111',
    card_expiry: '12/2099',
    card_cvv: '123',
  })
  assert.equal([nested.status, nested.body.card_network, nested.body.card_last4], [201, 'mastercard', '4444'])
  assert.equal([flat.status, flat.body.card_network, flat.body.card_last4], [201, 'visa', '1111'])
  assert.not('vpa' in nested.body)
})

test('GET tells all of a payment, and /public nothing private', async () => {
  const id = await paid()
  const payment = await read(id)
  const { created_at, updated_at, ...rest } = payment
  assert.equal(rest, {
    id,
    order_id: 'ord_test_001',
    amount: 50000,
    currency: 'INR',
    method: 'upi',
    vpa: 'test@upi',
    status: 'success',
    captured: false,
    canceled: false,
    amount_captured: 0,
    amount_refunded: 0,
    refund_status: null,
    notes: null,
  })
  assert.ok(created_at <= updated_at)
  const open = await house.call('GET', `/api/v1/payments/${id}/public`, { headers: null })
  assert.equal(Object.keys(open.body), ['id', 'order_id', 'amount', 'currency', 'method', 'status', 'created_at'])
})

test('notes stay with a payment and a refund, and no shopper reads them', async () => {
  const notes = { cart: 'ü-17', lines: [1, 2], '2': 'two', '10': null }
  const created = await pay({ notes })
  assert.equal(created.body.notes, notes)
  const { id } = created.body
  await until(async () => (await read(id)).status === 'success')
  assert.equal((await read(id)).notes, notes)
  const events = (await house.call('GET', `/api/v1/events?payment_id=${id}`)).body.data
  assert.equal(
    events.map(({ data }: { data: { payment: { notes: unknown } } }) => data.payment.notes),
    [notes, notes, notes],
  )
  const refund = await house.call('POST', `/api/v1/payments/${id}/refunds`, { body: { amount: 100, notes } })
  assert.equal(
    [refund.body.notes, (await house.call('GET', `/api/v1/refunds/${refund.body.id}`)).body.notes],
    [notes, notes],
  )
  assert.not('notes' in (await house.call('GET', `/api/v1/payments/${id}/public`)).body)
  const long = await pay({ notes: { long: 'x'.repeat(4_096) } })
  assert.equal([long.status, long.body.error.field], [400, 'notes'])
})

test('a refund that is refused after its caller was told 202 has failed, in the list and by an event too', async () => {
  const id = await paid()
  const refundId = 'rfnd_RefusedLate00001'
  const command = {
    actorId: id,
    kind: 'payment' as const,
    merchantId: TEST_MERCHANT_ID,
    tenant: '1',
    commandId: newUuid(),
    name: 'refund',
    body: { refund_id: refundId, amount: 50_001, reason: 'late', notes: null },
    replyTo: null,
    objectId: refundId,
  }
  await new Acceptance(house.database).command(command, null)
  const late = sql<Date>`now() - interval '9 seconds'`
  await house.database.kysely.updateTable('inbox').set({ created_at: late }).where('actor_id', '=', id).execute()
  house.runtime.send([toAddress({ tenant: '1', kind: 'payment', id })])
  const listed = async () => (await house.call('GET', `/api/v1/refunds?payment_id=${id}`)).body.data
  await until(async () => (await listed()).length === 1)
  const [refund] = await listed()
  assert.equal(
    [refund.id, refund.status, refund.reason, refund.error_description],
    [refundId, 'failed', 'late', 'Refund amount exceeds available amount'],
  )
  assert.equal((await house.call('GET', `/api/v1/refunds/${refundId}`)).body, refund)
  const [event] = (await house.call('GET', `/api/v1/events?payment_id=${id}&type=refund.failed`)).body.data
  assert.equal([event.data.refund, event.data.payment.amount_refunded], [refund, 0])
})

test('a payment that the bank declines fails with its reason', async () => {
  const { body } = await pay({ vpa: 'insufficient_funds@sim' })
  await until(async () => (await read(body.id)).status === 'failed')
  const payment = await read(body.id)
  assert.is(payment.error_code, 'PAYMENT_FAILED')
  assert.ok(payment.error_description)
  const capture = await house.call('POST', `/api/v1/payments/${body.id}/capture`)
  assert.equal([capture.status, capture.body.error.description], [400, 'Payment not in capturable state'])
})

test('a capture of a part can be done once', async () => {
  const id = await paid()
  const first = await house.call('POST', `/api/v1/payments/${id}/capture`, { body: { amount: 30000 } })
  assert.equal([first.status, first.body.captured, first.body.amount_captured], [200, true, 30000])
  const second = await house.call('POST', `/api/v1/payments/${id}/capture`)
  assert.equal([second.status, second.body.error.code], [400, 'BAD_REQUEST_ERROR'])
  assert.is(second.body.error.description, 'Payment not in capturable state')
})

test('a canceled payment answers captures, refunds and cancels with 400', async () => {
  const id = await paid()
  const canceled = await house.call('POST', `/api/v1/payments/${id}/cancel`)
  assert.equal([canceled.status, canceled.body.status, canceled.body.canceled], [200, 'success', true])
  const again = await house.call('POST', `/api/v1/payments/${id}/cancel`)
  assert.equal([again.status, again.body.error.description], [400, 'Payment not in cancelable state'])
  assert.is((await house.call('POST', `/api/v1/payments/${id}/capture`)).status, 400)
  assert.is((await house.call('POST', `/api/v1/payments/${id}/refunds`, { body: { amount: 1 } })).status, 400)
})

test('a pending payment that is canceled fails with PAYMENT_CANCELED', async () => {
  const { body } = await pay({ vpa: 'success.30s@sim' })
  const canceled = await house.call('POST', `/api/v1/payments/${body.id}/cancel`)
  assert.equal([canceled.status, canceled.body.status, canceled.body.error_code], [200, 'failed', 'PAYMENT_CANCELED'])
})

test('a hundred refunds at once never pass the amount', async () => {
  const id = await paid()
  const answers = await Promise.all(
    Array.from({ length: 100 }, () => house.call('POST', `/api/v1/payments/${id}/refunds`, { body: { amount: 900 } })),
  )
  const refused = answers.filter(({ status }) => status !== 201)
  assert.is(answers.length - refused.length, 55)
  for (const { status, body } of refused) {
    assert.equal([status, body.error.description], [400, 'Refund amount exceeds available amount'])
  }
  await until(async () => (await read(id)).amount_refunded === 55 * 900)
  assert.is((await read(id)).refund_status, 'partial')
  const rest = await house.call('POST', `/api/v1/payments/${id}/refunds`, { body: { amount: 500, reason: null } })
  await until(async () => (await house.call('GET', `/api/v1/refunds/${rest.body.id}`)).body.status === 'processed')
  const refund = (await house.call('GET', `/api/v1/refunds/${rest.body.id}`)).body
  assert.ok(refund.processed_at >= refund.created_at)
  assert.equal([(await read(id)).refund_status, (await read(id)).status], ['full', 'success'])
})

test("an order's progress is read from its payments", async () => {
  const created = await house.call('POST', '/api/v1/orders', { body: { amount: 700, receipt: 'r-1', notes: { a: 1 } } })
  assert.is(created.status, 201)
  const { id, client_secret: secret, ...order } = created.body
  assert.match(id, /^order_[A-Za-z0-9]{16}$/)
  assert.ok(secret.length > 20)
  assert.equal([order.status, order.currency, order.receipt, order.notes], ['created', 'INR', 'r-1', { a: 1 }])
  const orderNow = async () => (await house.call('GET', `/api/v1/orders/${id}`)).body
  assert.equal(await orderNow(), { id, ...order })
  const failed = await pay({ order_id: id, vpa: 'failure@sim' })
  await until(async () => (await read(failed.body.id)).status === 'failed')
  assert.equal([(await orderNow()).status, (await orderNow()).attempts], ['attempted', 1])
  await paid({ order_id: id })
  assert.equal([(await orderNow()).status, (await orderNow()).amount_paid], ['paid', 700])
  const open = await house.call('GET', `/api/v1/orders/${id}/public`, { headers: null })
  assert.equal(open.body, { id, amount: 700, currency: 'INR', status: 'paid' })
})

test('the timeline tells everything that happened, in order', async () => {
  const id = await paid()
  await house.call('POST', `/api/v1/payments/${id}/capture`)
  const { status, body } = await house.call('GET', `/api/v1/payments/${id}/timeline`)
  assert.is(status, 200)
  const lines = body.data as { seq: number; at: string; kind: string; name: string; cause: string }[]
  assert.equal(
    lines.map(({ seq }) => seq),
    lines.map((_, index) => index + 1),
  )
  assert.equal(
    lines.map(({ at }) => at),
    lines.map(({ at }) => at).sort(),
  )
  const names = lines.map(({ kind, name }) => `${kind} ${name}`)
  for (const name of [
    'state pending',
    'event payment.created',
    'message process',
    'attempt authorize',
    'state success',
  ]) {
    assert.ok(names.includes(name), `${name} in ${names.join(', ')}`)
  }
  assert.ok(names.indexOf('event payment.success') > names.indexOf('state success'))
  const captured = lines.find(({ name }) => name === 'payment.captured')
  assert.is(captured?.cause, 'capture')
})

test('credentials of the README, and every header in any case, are known', async () => {
  const response = await fetch(`${house.url}/api/v1/payments?limit=1`, {
    headers: Object.fromEntries(Object.entries(CREDENTIALS).map(([name, value]) => [name.toUpperCase(), value])),
  })
  assert.is(response.status, 200)
  assert.match(response.headers.get('x-request-id') ?? '', /^req_/)
})

test.run()
