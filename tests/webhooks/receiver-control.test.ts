import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type House, openHouse } from '../contract/house.ts'
import { until } from '../contract/until.ts'
import { moveClock } from './clock.ts'
import { Hooks, type Reply } from './hooks.ts'

const test = suite('receivers under control, on a moved clock')

const PATH = '/api/v1/webhook_endpoints'
const DAY_MS = 86_400_000
let house: House
let hooks: Hooks
test.before(async () => {
  hooks = await Hooks.open()
  house = await openHouse({ worker: true })
})
test.after(async () => {
  await house?.close()
  await hooks?.close()
})
test.before.each(async () => {
  await house.database.kysely.deleteFrom('webhook_endpoints').execute()
  hooks.received.length = 0
})

let paths = 0
/** An endpoint of its own path; `answer` may change its mind. */
async function endpoint(answer: () => Reply, body: object = {}) {
  const path = `/${paths++}`
  const url = hooks.at(path, answer)
  const { body: made } = await house.call('POST', PATH, { body: { url, ...body } })
  return { path, id: made.id as string, shown: async () => (await house.call('GET', `${PATH}/${made.id}`)).body }
}

const testEvent = async (id: string): Promise<string> => (await house.call('POST', `${PATH}/${id}/test`)).body.id
const delivery = async (id: string) => (await house.call('GET', `/api/v1/webhooks/${id}`)).body
const pay = async (): Promise<string> => {
  const body = { order_id: 'ord_test_001', method: 'upi', vpa: 'success@sim' }
  return (await house.call('POST', '/api/v1/payments', { body })).body.id
}
const deliveriesOf = async (endpointId: string) =>
  (await house.call('GET', `/api/v1/webhooks?endpoint_id=${endpointId}&limit=100`)).body.data

/** Waits for the n-th attempt to be written, and answers how long it has to wait for the next, in s; null: none comes. */
async function attempted(id: string, attempts: number): Promise<number | null> {
  await until(async () => (await delivery(id)).attempts === attempts)
  const { last_attempt_at, next_retry_at } = await delivery(id)
  return next_retry_at === null ? null : (Date.parse(next_retry_at) - Date.parse(last_attempt_at)) / 1000
}

const between = (value: number | null, low: number, high: number) =>
  assert.ok(value !== null && value >= low && value <= high, `${value} is not between ${low} and ${high}`)

test('a list of its own is kept, spread by at most a fifth; after its last attempt the delivery is failed', async () => {
  const { id } = await endpoint(() => ({ status: 500 }), { retry_intervals: [100, 1_000] })
  const sent = await testEvent(id)
  between(await attempted(sent, 1), 100, 121)
  await moveClock(house, 121_000)
  between(await attempted(sent, 2), 1_000, 1_201)
  await moveClock(house, 1_201_000)
  assert.is(await attempted(sent, 3), null)
  assert.is((await delivery(sent)).status, 'failed')
})

test('an empty list is one attempt', async () => {
  const { id } = await endpoint(() => ({ status: 500 }), { retry_intervals: [] })
  const sent = await testEvent(id)
  assert.is(await attempted(sent, 1), null)
  assert.is((await delivery(sent)).status, 'failed')
})

test('webhook.exhausted tells the other endpoints what was given up, and no notice causes another', async () => {
  const dead = await endpoint(() => ({ status: 500 }), {
    retry_intervals: [],
    events: ['payment.success', 'webhook.*'],
  })
  const witness = await endpoint(() => ({ status: 500 }), { retry_intervals: [], events: ['webhook.*'] })
  const payment = await pay()
  await until(async () => hooks.of(witness.path).length === 1)
  const { event, data, sequence } = JSON.parse(hooks.of(witness.path)[0]?.text ?? '')
  assert.equal([event, sequence], ['webhook.exhausted', undefined])
  const [failed] = (await deliveriesOf(dead.id)) as { id: string }[]
  const { id, endpoint_id, payment_id, attempts, response_code } = data.webhook
  assert.equal([id, endpoint_id, payment_id, attempts, response_code], [failed?.id, dead.id, payment, 1, 500])
  await until(async () =>
    (await deliveriesOf(witness.id)).every(({ status }: { status: string }) => status === 'failed'),
  )
  assert.is((await house.call('GET', '/api/v1/events?type=webhook.exhausted')).body.total, 1)
})

test('Retry-After puts the next attempt off, to an hour at most, and never brings it nearer', async () => {
  let seconds = '120'
  const { id } = await endpoint(() => ({ status: 503, headers: { 'retry-after': seconds } }))
  const sent = await testEvent(id)
  between(await attempted(sent, 1), 120, 121)
  seconds = '1'
  await moveClock(house, 121_000)
  between(await attempted(sent, 2), 10, 11)
  seconds = '999999'
  await moveClock(house, 11_000)
  between(await attempted(sent, 3), 3_600, 3_601)
})

test('410 disables the endpoint at once, tells the others, and gives up what is on its way', async () => {
  let reply: Reply = { status: 500 }
  const gone = await endpoint(() => reply, { events: ['payment.*', 'webhook.test'] })
  const witness = await endpoint(() => ({ status: 200 }), { events: ['endpoint.disabled'] })
  const waiting = await testEvent(gone.id)
  await attempted(waiting, 1)
  reply = { status: 410 }
  const last = await testEvent(gone.id)
  assert.is(await attempted(last, 1), null)
  const { status, disabled_reason } = await gone.shown()
  assert.equal([status, disabled_reason], ['disabled', 'gone'])
  await until(async () => hooks.of(witness.path).length === 1)
  const { data } = JSON.parse(hooks.of(witness.path)[0]?.text ?? '')
  assert.equal([data.endpoint.id, data.endpoint.status, data.reason], [gone.id, 'disabled', 'gone'])
  await moveClock(house, 10_000)
  await until(async () => (await delivery(waiting)).status === 'failed')
  assert.is((await delivery(waiting)).attempts, 1)
  const before = (await deliveriesOf(gone.id)).length
  const payment = await pay()
  await until(async () => (await house.call('GET', `/api/v1/payments/${payment}`)).body.status === 'success')
  assert.is((await deliveriesOf(gone.id)).length, before)
})

test('five days of failure disable it, a success in between does not, and enabling it again forgets them', async () => {
  let reply: Reply = { status: 500 }
  const daily = { retry_intervals: Array(7).fill(86_400), events: ['webhook.test'] }
  const { id, shown } = await endpoint(() => reply, daily)
  const sent = await testEvent(id)
  await attempted(sent, 1)
  assert.ok((await shown()).failing_since)
  for (let day = 1; day <= 3; day++) {
    await moveClock(house, 1.2 * DAY_MS)
    await attempted(sent, day + 1)
  }
  reply = { status: 200 }
  await moveClock(house, 1.2 * DAY_MS)
  await attempted(sent, 5)
  assert.equal([(await shown()).failing_since, (await shown()).status], [null, 'enabled'])

  reply = { status: 500 }
  const second = await testEvent(id)
  await attempted(second, 1)
  for (let day = 1; day <= 4; day++) {
    assert.is((await shown()).status, 'enabled', `after ${(day - 1) * 1.2} days`)
    await moveClock(house, 1.25 * DAY_MS)
    await attempted(second, day + 1)
  }
  const { status, disabled_reason, failing_since } = await shown()
  assert.equal([status, disabled_reason], ['disabled', 'failing'])
  assert.ok(Date.now() - Date.parse(failing_since) >= 5 * DAY_MS)

  reply = { status: 200 }
  const { body } = await house.call('PATCH', `${PATH}/${id}`, { body: { status: 'enabled' } })
  assert.equal([body.status, body.disabled_reason, body.failing_since], ['enabled', null, null])
  const third = await testEvent(id)
  await until(async () => (await delivery(third)).status === 'success')
})

test('an endpoint that fails now and then, weeks apart, is not disabled', async () => {
  const { id, shown } = await endpoint(() => ({ status: 500 }), { retry_intervals: [] })
  for (let week = 0; week < 3; week++) {
    await attempted(await testEvent(id), 1)
    await moveClock(house, 7 * DAY_MS)
  }
  assert.is((await shown()).status, 'enabled')
})

test('with nineteen failures the schedule is exact; after twenty one call at a time, until one goes well', async () => {
  let reply: Reply = { status: 500 }
  const { id, path } = await endpoint(() => reply)
  const send = async (count: number) => Promise.all(Array.from({ length: count }, () => testEvent(id)))
  const first = await send(19)
  for (const sent of first) between(await attempted(sent, 1), 5, 6)
  const [twentieth] = await send(1)
  between(await attempted(twentieth as string, 1), 5, 6)
  const refused = await send(5)
  const held = async () =>
    house.database.kysely.selectFrom('journal').select('entry').where('actor_id', 'in', refused).execute()
  await until(async () => new Set(JSON.stringify(await held()).match(/one call at a time/g)).size > 0)
  const calls = hooks.of(path).length
  assert.ok(calls >= 20 && calls <= 21, `${calls} calls`)
  // The first call after the pause goes well: then all of them do.
  reply = { status: 200 }
  for (let minute = 0; minute < 10; minute++) {
    await moveClock(house, 60_000)
    const states = await deliveriesOf(id)
    if (states.every(({ status }: { status: string }) => status === 'success')) break
    await until(async () => (await deliveriesOf(id)).some(({ status }: { status: string }) => status === 'success'))
  }
  await until(async () => (await deliveriesOf(id)).every(({ status }: { status: string }) => status === 'success'))
})

test('a rate spaces the calls, and all of them arrive', async () => {
  const { id, path } = await endpoint(() => ({ status: 200 }), { rate_limit: 10 })
  await Promise.all(Array.from({ length: 20 }, () => testEvent(id)))
  await until(async () => hooks.of(path).length === 20)
  const calls = hooks.of(path).map(({ atMs }) => atMs)
  const span = (calls.at(-1) as number) - (calls[0] as number)
  assert.ok(span >= 900, `20 calls at 10 a second, a second's worth of them at once, took ${span} ms`)
})

test('a receiver that hangs is called twenty times at once and no more', async () => {
  const { id, path } = await endpoint(() => 'never', { timeout_ms: 1_000 })
  await Promise.all(Array.from({ length: 60 }, () => testEvent(id)))
  await until(async () => hooks.of(path).length >= 20)
  await until(
    async () => (await deliveriesOf(id)).filter(({ attempts }: { attempts: number }) => attempts > 0).length >= 20,
  )
  assert.is(hooks.atOnce.get(path), 20)
})

test.run()
