import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type House, OPERATOR_TOKEN, openHouse } from './house.ts'
import { until } from './until.ts'

const test = suite('sums and courses of payments')

let house: House
test.before(async () => {
  house = await openHouse({ worker: true })
  await until(async () => (await house.call('GET', '/health')).status === 200)
})
test.after(() => house?.close())

const get = async (path: string) => (await house.call('GET', path)).body
const settled = () => until(async () => (await get('/api/v1/payments?status=pending')).total === 0)

async function pay(amount: number, vpa: string): Promise<string> {
  const order_id = `sum_${amount}`
  const { body } = await house.call('POST', '/api/v1/payments', { body: { order_id, amount, method: 'upi', vpa } })
  return body.id
}

test('the sums are those of the list, by state, currency and method', async () => {
  await pay(100, 'success@sim')
  await pay(250, 'success@sim')
  await pay(1000, 'failure@sim')
  await settled()
  await until(async () => (await get('/api/v1/payments/summary')).by_status.failed === 1)
  const summary = await get('/api/v1/payments/summary')
  assert.equal(summary, {
    total: 3,
    by_status: { pending: 0, success: 2, failed: 1 },
    refunded: 0,
    amounts: [{ currency: 'INR', total: 1350, success: 350 }],
    methods: [{ method: 'upi', success: 2, failed: 1 }],
    oldest_pending_at: null,
  })
})

test('the sums follow the filters of the list', async () => {
  const summary = await get('/api/v1/payments/summary?amount=250')
  assert.equal([summary.total, summary.amounts], [1, [{ currency: 'INR', total: 250, success: 250 }]])
  assert.is((await get('/api/v1/payments/summary?status=failed')).total, 1)
  assert.is((await house.call('GET', '/api/v1/payments/summary?from=yesterday')).status, 400)
})

test('a payment of which money went back is found as refunded, and counted', async () => {
  const id = await pay(500, 'success@sim')
  await settled()
  await house.call('POST', `/api/v1/payments/${id}/refunds`, { body: { amount: 200 } })
  await until(async () => (await get('/api/v1/payments?refunded=true')).data[0]?.id === id)
  await until(async () => (await get('/api/v1/payments/summary')).refunded === 1)
  assert.is((await get('/api/v1/payments?refunded=false')).total, 3)
})

test('the course of an hour has a point every half minute, and all payments are in it', async () => {
  await until(async () => {
    const { points } = await get('/api/v1/payments/series?period=1h')
    const sum = (key: string) => points.reduce((n: number, point: Record<string, number>) => n + (point[key] ?? 0), 0)
    return points.length === 120 && sum('accepted') === 4 && sum('settled') === 4
  })
  const { points, step_ms } = await get('/api/v1/payments/series?period=1h')
  assert.is(step_ms, 30_000)
  assert.ok(points.some(({ p50_ms, p99_ms }: { p50_ms: number; p99_ms: number }) => p50_ms > 0 && p99_ms >= p50_ms))
})

test('deliveries are counted by state and by endpoint', async () => {
  assert.equal(await get('/api/v1/webhooks/summary'), {
    total: 0,
    by_status: { pending: 0, success: 0, failed: 0 },
    endpoints: [],
  })
  await house.call('PUT', '/api/v1/webhooks/config', { body: { webhook_url: 'http://127.0.0.1:9/' } })
  await house.call('POST', '/api/v1/webhooks/test')
  await until(async () => (await get('/api/v1/webhooks/summary')).total === 1)
  const { by_status, endpoints } = await get('/api/v1/webhooks/summary')
  assert.is(by_status.pending + by_status.failed, 1)
  assert.equal([endpoints.length, endpoints[0].pending], [1, by_status.pending])
  assert.is((await get('/api/v1/webhooks/summary?payment_id=pay_unknown')).total, 0)
})

test("another merchant's payments are in no sum", async () => {
  const { body: other } = await house.call('POST', '/api/v1/merchants', {
    body: { name: 'Other', email: 'other@example.com', test: true },
    headers: { authorization: `Bearer ${OPERATOR_TOKEN}` },
  })
  const headers = { 'x-api-key': other.api_key, 'x-api-secret': other.api_secret }
  const { body } = await house.call('GET', '/api/v1/payments/summary', { headers })
  assert.equal([body.total, body.amounts, body.methods], [0, [], []])
  const course = await house.call('GET', '/api/v1/payments/series', { headers })
  assert.is(course.body.points.filter(({ accepted }: { accepted: number }) => accepted > 0).length, 0)
})

test.run()
