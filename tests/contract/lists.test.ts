import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { newId } from '../../schema/ids.ts'
import { TEST_MERCHANT_ID } from '../../schema/seed.ts'
import { type House, openHouse } from './house.ts'

const test = suite('lists are newest first, and can be walked to their end')

const ROWS = 25
let house: House
test.before(async () => {
  house = await openHouse({ worker: false })
  await seed(ROWS)
})
test.after(() => house?.close())

/** Payments one microsecond apart, so that a cursor that cut to milliseconds would lose or repeat some. */
async function seed(rows: number): Promise<void> {
  const values = Array.from({ length: rows }, (_, n) => ({
    id: newId('pay_'),
    merchant_id: TEST_MERCHANT_ID,
    order_id: n % 2 === 0 ? 'ord_test_001' : 'ORDER_123',
    amount: 50_000 + n,
    currency: 'INR',
    method: n % 5 === 0 ? ('card' as const) : ('upi' as const),
    instrument: 'sim_upi',
    status: n % 3 === 0 ? ('success' as const) : ('pending' as const),
    created_at: `2026-01-15T10:00:00.000${String(n).padStart(3, '0')}Z`,
  }))
  await house.database.kysely.insertInto('payments').values(values).execute()
}

const list = async (query: string, path = 'payments') => {
  const { status, body } = await house.call('GET', `/api/v1/${path}?${query}`)
  assert.is(status, 200, JSON.stringify(body))
  return body
}
const amounts = (page: { data: { amount: number }[] }) => page.data.map(({ amount }) => amount - 50_000)

test('a page of ten by default, with the exact total', async () => {
  const page = await list('')
  assert.equal([page.total, page.limit, page.offset, 'total_exact' in page], [ROWS, 10, 0, false])
  assert.equal(amounts(page), [24, 23, 22, 21, 20, 19, 18, 17, 16, 15])
  assert.type(page.next_cursor, 'string')
})

test('offset leafs, and the last page has no cursor', async () => {
  const page = await list('limit=20&offset=20')
  assert.equal([amounts(page), page.next_cursor, page.offset], [[4, 3, 2, 1, 0], null, 20])
})

test('the cursor walks every row once, also while new ones come in at the top', async () => {
  const seen: number[] = []
  let cursor: string | null = null
  let newcomer = ''
  const body = { order_id: 'ord_test_001', method: 'upi', vpa: 'a@b' }
  do {
    const page = await list(`limit=4${cursor === null ? '' : `&cursor=${cursor}`}`)
    seen.push(...amounts(page))
    cursor = page.next_cursor
    if (seen.length === 8) newcomer = (await house.call('POST', '/api/v1/payments', { body })).body.id
  } while (cursor !== null)
  await house.database.kysely.deleteFrom('payments').where('id', '=', newcomer).execute()
  assert.equal(
    seen,
    Array.from({ length: ROWS }, (_, n) => ROWS - 1 - n),
  )
})

const filters: [query: string, n: number][] = [
  ['status=success', 9],
  ['status=failed', 0],
  ['order_id=ORDER_123', 12],
  ['method=card', 5],
  ['amount=50003', 1],
  ['from=2026-01-15T10:00:00.000010Z', ROWS],
  ['from=2026-01-15T10:00:00.001Z', 0],
  ['to=2026-01-15', ROWS],
  ['to=2026-01-14', 0],
  ['from=2026-01-15&to=2026-01-16T00:00:00%2B05:30', ROWS],
  ['status=success&method=card', 2],
  ['q=ORDER_123', 12],
  ['q=nothing', 0],
]
for (const [query, n] of filters) {
  test(`${query} lets ${n} payments through`, async () => {
    const page = await list(`${query}&limit=100`)
    assert.equal([page.total, page.data.length], [n, n])
  })
}

test('q finds a payment by its own id, its receipt, its refund, its event and its webhook', async () => {
  const { kysely } = house.database
  const [payment] = (await list('limit=1')).data
  const order = await house.call('POST', '/api/v1/orders', { body: { amount: 900, receipt: 'receipt 7' } })
  const body = { order_id: order.body.id, method: 'upi', vpa: 'a@b' }
  const byReceipt = (await house.call('POST', '/api/v1/payments', { body })).body.id
  const merchant = { merchant_id: TEST_MERCHANT_ID, payment_id: payment.id }
  const at = new Date()
  await kysely
    .insertInto('refunds')
    .values({ ...merchant, id: 'rfnd_0123456789abcdef', amount: 1 })
    .execute()
  await kysely
    .insertInto('events')
    .values({
      ...merchant,
      id: 'evt_0123456789abcdef',
      sequence: 1,
      type: 'payment.success',
      payload: '{"data":{}}',
      created_at: at,
    })
    .execute()
  const webhookId = '0198f2a4-0000-7000-8000-000000000001'
  const delivery = { ...merchant, id: webhookId, endpoint_id: 'whe_0', event_id: 'evt_0123456789abcdef', event_at: at }
  await kysely
    .insertInto('webhook_deliveries')
    .values({ ...delivery, type: 'payment.success', sequence: 1 })
    .execute()
  for (const q of [payment.id, 'rfnd_0123456789abcdef', 'evt_0123456789abcdef', webhookId]) {
    assert.equal(
      (await list(`q=${q}`)).data.map(({ id }: { id: string }) => id),
      [payment.id],
      q,
    )
  }
  assert.equal(
    (await list('q=receipt+7')).data.map(({ id }: { id: string }) => id),
    [byReceipt],
  )
})

test('orders, refunds, webhooks and events are listed in the same way', async () => {
  for (const [path, query, n] of [
    ['orders', 'status=attempted', 1],
    ['orders', 'status=paid', 2],
    ['orders', 'status=created', 0],
    ['orders', 'q=receipt+7', 1],
    ['refunds', 'status=pending', 1],
    ['refunds', 'payment_id=pay_none', 0],
    ['webhooks', 'status=pending', 1],
    ['webhooks', 'event=payment.failed', 0],
    ['events', 'type=payment.success', 1],
  ] as const) {
    const page = await list(query, path)
    assert.equal([page.total, page.data.length], [n, n], `${path}?${query}`)
    assert.equal(Object.keys(page), ['data', 'total', 'limit', 'offset', 'next_cursor'])
  }
})

test('above 10,000 a filtered total is a lower bound and says so; the unfiltered one stays exact', async () => {
  await house.database.run(
    {
      name: '',
      text: `insert into payments (id, merchant_id, order_id, amount, currency, method, instrument, created_at)
        select 'pay_many' || n, $1, 'ord_test_001', 700, 'INR', 'upi', 'sim_upi', '2025-01-01'::timestamptz + n * interval '1 ms'
        from generate_series(1, 10100) n`,
    },
    [TEST_MERCHANT_ID],
  )
  const all = await list('')
  assert.equal([all.total, 'total_exact' in all], [10_100 + ROWS + 1, false])
  const filtered = await list('amount=700')
  assert.equal([filtered.total, filtered.total_exact], [10_000, false])
})

test.run()
