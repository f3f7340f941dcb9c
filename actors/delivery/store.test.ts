import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Commit } from '../../runtime/storage.ts'
import { newId, newUuidV7 } from '../../schema/ids.ts'
import { acceptedPayment, newEvent, openTruth, paymentTurn, SECRET } from '../../tests/support/truth.ts'
import type { PaymentEvent } from '../payment/state.ts'
import { paymentStore } from '../payment/store.ts'
import type { AttemptRow, Delivery } from './state.ts'
import { deliveryStore } from './store.ts'

const storing = suite('deliveries in Postgres')
const truth = await openTruth()
const { database, merchantId, endpointId } = truth
const { kysely } = database
const store = deliveryStore(database)
storing.after(() => truth.close())

type Turn = Commit<Delivery, AttemptRow, PaymentEvent>

/** The id of a delivery that a payment's commit gave birth to. */
async function bornDelivery(event = newEvent()): Promise<string> {
  const turn = await paymentTurn(truth, await acceptedPayment(truth), { events: [event] })
  const [born] = await paymentStore(database).commit([turn])
  return born![0]!.split('/')[2]!
}

async function loadOne(id: string) {
  const [loaded] = await store.load([id])
  if (!loaded) throw new Error(`no delivery ${id}`)
  return loaded
}

async function turnOf(id: string, values: Partial<Turn> = {}): Promise<Turn> {
  const { tenant, state, version, lastSeq, now } = await loadOne(id)
  const journal = { messages: [], worker: 'test', started: now, took: 1 }
  return { id, tenant, state, version, lastSeq, timers: {}, rows: [], events: [], results: [], journal, ...values }
}

function attemptRow(n: number, values: Partial<AttemptRow> = {}): AttemptRow {
  const request = {
    n,
    attempt: n,
    at: new Date().toISOString(),
    durationMs: 12,
    requestHeaders: { 'content-type': 'application/json' },
  }
  const answer = {
    responseCode: 500,
    error: null,
    responseHeaders: { server: 'x' },
    responseBody: 'no',
    timings: { connect: 1 },
  }
  return { ...request, ...answer, ...values }
}

storing('a delivery is born due, and loads with the exact text of its event and where it goes', async () => {
  const event = { ...newEvent(), payload: '{"event":"payment.success","data":{"note":"₹ \\"quoted\\" \\u0000 ends"}}' }
  const id = await bornDelivery(event)
  const { state, version, timers, tenant, now } = await loadOne(id)
  assert.equal(
    [state.payload, state.eventId, state.type, state.status],
    [event.payload, event.id, event.type, 'pending'],
  )
  assert.equal([state.attempts, state.logged, state.lastAttemptAt, version, tenant], [0, 0, null, 0, truth.tenant])
  assert.equal(state.endpoint, { url: 'http://127.0.0.1/', enabled: true, secrets: [SECRET], retryIntervals: null })
  assert.ok(timers.attempt! <= now)
})

storing('an attempt is written whole, and the next load has counted it', async () => {
  const id = await bornDelivery()
  const turn = await turnOf(id, { rows: [attemptRow(1)], timers: { attempt: Date.now() + 60_000 } })
  turn.state = { ...turn.state, attempts: 1, responseCode: 500, lastAttemptAt: turn.rows[0]!.at }
  assert.equal(await store.commit([turn]), [[]])
  const loaded = await loadOne(id)
  assert.equal(loaded.state, { ...turn.state, logged: 1 })
  assert.is(loaded.version, 1)
  const row = await kysely
    .selectFrom('webhook_attempts')
    .selectAll()
    .where('delivery_id', '=', id)
    .executeTakeFirstOrThrow()
  assert.equal(
    [row.n, row.duration_ms, row.request_headers, row.timings],
    [1, 12, { 'content-type': 'application/json' }, { connect: 1 }],
  )
})

storing('an attempt written again in the same turn, or after a save, is one row', async () => {
  const id = await bornDelivery()
  const twice = [attemptRow(1, { responseCode: null }), attemptRow(1, { responseCode: 200 })]
  await store.commit([await turnOf(id, { rows: twice })])
  await store.commit([await turnOf(id, { rows: [attemptRow(1, { responseCode: 204 })] })])
  assert.is(await truth.count('webhook_attempts', `delivery_id = '${id}'`), 1)
  assert.is(await truth.count('webhook_attempts', `delivery_id = '${id}' and response_code = 204`), 1)
})

storing('whatever bytes a receiver answers can be written', async () => {
  const id = await bornDelivery()
  const answer = { responseBody: 'binary \0\0 and half a pair \ud83d', error: 'closed\0' }
  await store.commit([await turnOf(id, { rows: [attemptRow(1, answer)] })])
  const row = await kysely
    .selectFrom('webhook_attempts')
    .selectAll()
    .where('delivery_id', '=', id)
    .executeTakeFirstOrThrow()
  assert.equal([row.response_body, row.error], ['binary \uFFFD\uFFFD and half a pair \uFFFD', 'closed\uFFFD'])
})

storing(
  'a changed URL or secret counts from the next load on; the old secret comes second while it is in its grace',
  async () => {
    const id = await bornDelivery()
    const endpoint = async () => (await loadOne(id)).state.endpoint
    const [own, old] = [Buffer.from('own'), Buffer.from('old')]
    const soon = new Date(Date.now() + 60_000)
    const past = new Date(Date.now() - 60_000)
    const setMerchant = (values: object) =>
      kysely.updateTable('merchants').set(values).where('id', '=', merchantId).execute()
    const setEndpoint = (values: object) =>
      kysely.updateTable('webhook_endpoints').set(values).where('id', '=', endpointId).execute()
    await setMerchant({ previous_webhook_secret: old, previous_webhook_secret_expires_at: soon })
    assert.equal((await endpoint())?.secrets, [SECRET, old])
    await setMerchant({ previous_webhook_secret: old, previous_webhook_secret_expires_at: past })
    assert.equal((await endpoint())?.secrets, [SECRET])
    await setMerchant({ previous_webhook_secret: old, previous_webhook_secret_expires_at: soon })
    await setEndpoint({ secret: own, url: 'https://shop.example/', retry_intervals: [1, 2], enabled: false })
    assert.equal(await endpoint(), {
      url: 'https://shop.example/',
      enabled: false,
      secrets: [own],
      retryIntervals: [1, 2],
    })
    await setEndpoint({ previous_secret: old, previous_secret_expires_at: soon })
    assert.equal((await endpoint())?.secrets, [own, old])
    await setEndpoint({
      secret: null,
      previous_secret: null,
      url: 'http://127.0.0.1/',
      retry_intervals: null,
      enabled: true,
    })
    await setMerchant({ previous_webhook_secret: null, previous_webhook_secret_expires_at: null })
  },
)

storing('a delivery whose endpoint was deleted still loads, and says so', async () => {
  const other = { id: newId('whe_'), merchant_id: merchantId, url: 'http://127.0.0.1/gone', events: ['payment.failed'] }
  await kysely.insertInto('webhook_endpoints').values(other).execute()
  await bornDelivery(newEvent('payment.failed'))
  await kysely.deleteFrom('webhook_endpoints').where('id', '=', other.id).execute()
  const { id } = await kysely
    .selectFrom('webhook_deliveries')
    .select('id')
    .where('endpoint_id', '=', other.id)
    .executeTakeFirstOrThrow()
  assert.is((await loadOne(id)).state.endpoint, null)
})

storing('a fenced delivery writes no attempt and disables nothing', async () => {
  const id = await bornDelivery()
  const turn = await turnOf(id, { rows: [attemptRow(1)], events: [newEvent('endpoint.disabled', 0)] })
  await store.commit([await turnOf(id)])
  assert.equal(await store.commit([turn]), [null])
  assert.is(await truth.count('webhook_attempts', `delivery_id = '${id}'`), 0)
  assert.is(await truth.count('webhook_endpoints', `id = '${endpointId}' and enabled`), 1)
})

storing('of all the deliveries that see an endpoint fail, one disables it and tells the others', async () => {
  const witness = { id: newId('whe_'), merchant_id: merchantId, url: 'http://127.0.0.1/w', events: ['endpoint.*'] }
  await kysely.insertInto('webhook_endpoints').values(witness).execute()
  const ids = [await bornDelivery(), await bornDelivery(), await bornDelivery()]
  const disabling = () => Promise.all(ids.map((id) => turnOf(id, { events: [newEvent('endpoint.disabled', 0)] })))
  const born = [...(await store.commit(await disabling())), ...(await store.commit(await disabling()))]
  assert.is(born.flat().length, 1)
  assert.is(await truth.count('events', `type = 'endpoint.disabled'`), 1)
  assert.is(await truth.count('webhook_endpoints', `id = '${endpointId}' and enabled`), 0)
  const told = await kysely
    .selectFrom('webhook_deliveries')
    .selectAll()
    .where('type', '=', 'endpoint.disabled')
    .execute()
  assert.equal(
    told.map((row) => [row.endpoint_id, row.payment_id]),
    [[witness.id, null]],
  )
})

storing('what cannot be an id of a delivery is not there, and fails nobody', async () => {
  await kysely.updateTable('webhook_endpoints').set({ enabled: true }).execute()
  const id = await bornDelivery()
  const found = await store.load(['pay_nope', newUuidV7(), id, "x'; drop table payments"])
  assert.equal(
    found.map((loaded) => loaded.id),
    [id],
  )
})

storing.run()
