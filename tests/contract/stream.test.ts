import type { Kysely } from 'kysely'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { EventFeed } from '../../api/stream/feed.ts'
import { eventFrames } from '../../api/stream/frames.ts'
import { newId } from '../../schema/ids.ts'
import { TEST_MERCHANT_ID } from '../../schema/seed.ts'
import type { Tables } from '../../schema/tables.ts'
import { type House, OPERATOR_TOKEN, openHouse } from './house.ts'
import { type Listener, listen } from './listen.ts'
import { until } from './until.ts'

const test = suite('a merchant hears of events as they happen')

let house: House
const listeners: Listener[] = []
test.before(async () => {
  house = await openHouse({ worker: true })
  await until(async () => (await house.call('GET', '/health')).status === 200)
})
test.after.each(() => {
  for (const listener of listeners.splice(0)) listener.close()
})
test.after(() => house?.close())

async function stream(query = '', headers: Record<string, string> = {}): Promise<Listener> {
  const listener = await listen(`${house.url}/api/v1/stream${query}`, headers)
  listeners.push(listener)
  return listener
}

async function pay(): Promise<string> {
  const body = { order_id: 'ord_test_001', method: 'upi', vpa: 'a@b' }
  return (await house.call('POST', '/api/v1/payments', { body })).body.id
}

async function settled(): Promise<string> {
  const id = await pay()
  await until(async () => (await house.call('GET', `/api/v1/payments/${id}`)).body.status === 'success')
  return id
}

const LIFE = ['payment.created', 'payment.pending', 'payment.success']

async function insertEvent(kysely: Kysely<Tables>, id: string): Promise<void> {
  const event = { id, merchant_id: TEST_MERCHANT_ID, sequence: 0, type: 'webhook.test', payload: '{"data":{}}' }
  await kysely.insertInto('events').values(event).execute()
}

async function insertEvents(count: number): Promise<void> {
  const text = `insert into events (id, merchant_id, sequence, type, payload)
    select 'evt_many' || lpad(n::text, 8, '0'), $1, n, 'webhook.test', '{"data":{}}' from generate_series(1, $2::int) n`
  await house.database.run({ name: '', text }, [TEST_MERCHANT_ID, count])
}

test('it takes a client that asks for a stream', async () => {
  for (const accept of ['application/json', '*/*']) {
    const { status, body } = await house.call('GET', '/api/v1/stream', { headers: { accept } })
    assert.equal([status, body.error.code, body.error.field], [406, 'BAD_REQUEST_ERROR', 'Accept'])
  }
})

test("a payment's events come in order, each as GET /events/{id} answers it", async () => {
  const listener = await stream()
  const id = await pay()
  const heard = await listener.hears(3)
  assert.equal(
    heard.map(({ event }) => event),
    LIFE,
  )
  for (const { id: eventId, event, data } of heard) {
    assert.equal([data.id, data.type, data.data.payment.id], [eventId, event, id])
    assert.equal((await house.call('GET', `/api/v1/events/${eventId}`)).body, data)
  }
})

test('with a Last-Event-ID it goes on behind that event, and repeats none', async () => {
  const first = await stream()
  await settled()
  const [created] = await first.hears(3)
  first.close()
  await settled()
  for (const again of [
    await stream('', { 'last-event-id': created?.id as string }),
    await stream(`?last_event_id=${created?.id}`),
  ]) {
    const heard = await again.hears(5)
    assert.equal(
      heard.map(({ event }) => event),
      [...LIFE.slice(1), ...LIFE],
    )
  }
})

test('a Last-Event-ID that the merchant has not had is refused', async () => {
  const headers = { accept: 'text/event-stream', 'last-event-id': 'evt_0123456789abcdef' }
  const { status, body } = await house.call('GET', '/api/v1/stream', { headers })
  assert.equal([status, body.error.field], [400, 'Last-Event-ID'])
})

test('types and payments can be chosen', async () => {
  const successes = await stream('?type=payment.success,refund.*')
  const other = await pay()
  const one = await settled()
  const ofOne = await stream(`?payment_id=${one}&type=refund.created`)
  await house.call('POST', `/api/v1/payments/${other}/refunds`, { body: { amount: 100 } })
  await house.call('POST', `/api/v1/payments/${one}/refunds`, { body: { amount: 100 } })
  const [refund] = await ofOne.hears(1)
  assert.is(refund?.data.data.payment.id, one)
  const heard = await successes.hears(4)
  assert.equal(
    heard.filter(({ event }) => !/^(payment\.success|refund\.\w+)$/.test(event)),
    [],
  )
  const bad = await house.call('GET', '/api/v1/stream?type=PAYMENT', { headers: { accept: 'text/event-stream' } })
  assert.equal([bad.status, bad.body.error.field], [400, 'type'])
})

test("nobody hears of another merchant's events", async () => {
  const { body: other } = await house.call('POST', '/api/v1/merchants', {
    body: { name: 'Other', email: 'other@example.com', test: true },
    headers: { authorization: `Bearer ${OPERATOR_TOKEN}` },
  })
  const keys = { 'x-api-key': other.api_key, 'x-api-secret': other.api_secret }
  const stranger = await stream('', keys)
  const mine = await stream()
  await pay()
  const [created] = await mine.hears(3)
  assert.equal(stranger.heard, [])
  const headers = { accept: 'text/event-stream', 'last-event-id': created?.id as string, ...keys }
  assert.is((await house.call('GET', '/api/v1/stream', { headers })).status, 400)
})

test('of two commits side by side the older event is told first, though it is seen last', async () => {
  const listener = await stream('?type=webhook.test')
  const [older, younger] = [newId('evt_'), newId('evt_')]
  const slow = await house.database.kysely.startTransaction().execute()
  await insertEvent(slow, older)
  await insertEvent(house.database.kysely, younger)
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  assert.equal(listener.heard, [], 'the younger one was told while an older one was on its way')
  await slow.commit().execute()
  const heard = await listener.hears(2)
  assert.equal(
    heard.map(({ id }) => id),
    [older, younger],
  )
})

test('more than a page is told whole and in order, to those at the front and to those who come back', async () => {
  const front = await stream('?type=webhook.test')
  const anchor = newId('evt_')
  await insertEvent(house.database.kysely, anchor)
  await front.hears(1)
  await insertEvents(1_000)
  const behind = await stream('?type=webhook.test', { 'last-event-id': anchor })
  const [told, retold] = [await front.hears(1_001), await behind.hears(1_000)]
  const expected = Array.from({ length: 1_000 }, (_, n) => `evt_many${String(n + 1).padStart(8, '0')}`)
  assert.equal(
    told.slice(1).map(({ id }) => id),
    expected,
  )
  assert.equal(
    retold.map(({ id }) => id),
    expected,
  )
})

test('silence is broken by a comment', async () => {
  const feed = new EventFeed(house.database)
  const leaving = new AbortController()
  const frames = eventFrames(feed, {
    merchantId: TEST_MERCHANT_ID,
    after: null,
    wants: () => false,
    signal: leaving.signal,
    commentEveryMs: 10,
  })
  try {
    assert.match((await frames.next()).value, /^retry: \d+\n\n$/)
    assert.is((await frames.next()).value, ': still here\n\n')
  } finally {
    leaving.abort()
    await frames.return(undefined)
    feed.close()
  }
})

test('an API that closes ends its streams at once', async () => {
  const closing = await openHouse({ worker: false })
  const listener = await listen(`${closing.url}/api/v1/stream`)
  const startedAt = performance.now()
  await closing.close()
  await until(async () => listener.ended)
  assert.ok(performance.now() - startedAt < 3_000)
})

test.run()
