import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type House, openHouse } from './house.ts'
import { until } from './until.ts'

const test = suite('events tell what happened to a payment')

let house: House
test.before(async () => {
  house = await openHouse({ worker: true })
  await until(async () => (await house.call('GET', '/health')).status === 200)
})
test.after(() => house?.close())

interface Event {
  id: string
  type: string
  sequence: number
  timestamp: number
  created_at: string
  data: { payment: { id: string; status: string }; refund?: { id: string; status: string } }
}

const read = async (id: string) => (await house.call('GET', `/api/v1/payments/${id}`)).body
const act = (id: string, action: string, body: object = {}) =>
  house.call('POST', `/api/v1/payments/${id}/${action}`, { body })

async function pay(vpa: string, status = 'success'): Promise<string> {
  const body = { order_id: 'ord_test_001', method: 'upi', vpa }
  const { id } = (await house.call('POST', '/api/v1/payments', { body })).body
  await until(async () => (await read(id)).status === status)
  return id
}

/** As they happened. */
async function eventsOf(id: string): Promise<Event[]> {
  const { data } = (await house.call('GET', `/api/v1/events?payment_id=${id}&limit=100`)).body
  return data.sort((a: Event, b: Event) => a.sequence - b.sequence)
}

async function typesOf(id: string): Promise<string[]> {
  return (await eventsOf(id)).map(({ type }) => type)
}

const CREATED = ['payment.created', 'payment.pending']
const PAID = [...CREATED, 'payment.success']

test('a payment is created, pending, and then succeeds or fails', async () => {
  assert.equal(await typesOf(await pay('success@sim')), PAID)
  assert.equal(await typesOf(await pay('failure@sim', 'failed')), [...CREATED, 'payment.failed'])
})

test('a capture and a cancel are told', async () => {
  const [captured, canceled] = [await pay('a@b'), await pay('a@b')]
  await act(captured, 'capture')
  await act(canceled, 'cancel')
  assert.equal(await typesOf(captured), [...PAID, 'payment.captured'])
  assert.equal(await typesOf(canceled), [...PAID, 'payment.canceled'])
})

test('a refund is told when it is promised and when it is processed, with its payment', async () => {
  const id = await pay('a@b')
  const { body: refund } = await act(id, 'refunds', { amount: 700 })
  await until(async () => (await typesOf(id)).length === 5)
  const events = await eventsOf(id)
  assert.equal(
    events.slice(3).map(({ type, data }) => [type, data.refund?.id, data.refund?.status]),
    [
      ['refund.created', refund.id, 'pending'],
      ['refund.processed', refund.id, 'processed'],
    ],
  )
  assert.equal(events.at(-1)?.data.payment, await read(id), 'as GET answers it at that moment')
})

test('a refusal is told to nobody but the caller', async () => {
  const id = await pay('a@b')
  for (const [action, body] of [
    ['refunds', { amount: 50_001 }],
    ['capture', { amount: 50_001 }],
  ] as const) {
    assert.is((await act(id, action, body)).status, 400)
  }
  assert.equal(await typesOf(id), PAID)
})

test('an event has an id, counts on within its payment, and is read by itself as in the list', async () => {
  const events = await eventsOf(await pay('a@b'))
  assert.equal(
    events.map(({ sequence }) => sequence),
    [1, 2, 3],
  )
  for (const event of events) {
    assert.match(event.id, /^evt_[A-Za-z0-9]{16}$/)
    assert.ok(Math.abs(Date.parse(event.created_at) / 1_000 - event.timestamp) < 10)
    assert.equal((await house.call('GET', `/api/v1/events/${event.id}`)).body, event)
  }
})

test('after thirty days an event is read no more', async () => {
  const [event] = await eventsOf(await pay('a@b'))
  const text = "update events set created_at = created_at - interval '30 days 1 minute' where id = $1"
  await house.database.run({ name: '', text }, [event?.id])
  assert.is((await house.call('GET', `/api/v1/events/${event?.id}`)).status, 404)
  assert.equal((await eventsOf(event?.data.payment.id ?? '')).length, 2)
})

test.run()
