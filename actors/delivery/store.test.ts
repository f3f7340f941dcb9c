import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Commit } from '../../runtime/storage.ts'
import { newId, newUuidV7 } from '../../schema/ids.ts'
import { acceptedPayment, newEvent, openTruth, paymentTurn, SECRET } from '../../tests/support/truth.ts'
import type { PaymentEvent } from '../payment/state.ts'
import { paymentStore } from '../payment/store.ts'
import { type AttemptRow, type Delivery, type Endpoint, type Finding, IN_ORDER, ROOM } from './state.ts'
import { deliveryStore } from './store.ts'

const storing = suite('deliveries in Postgres')
const truth = await openTruth()
const { database, merchantId, endpointId } = truth
const { kysely } = database
const store = deliveryStore(database)
storing.after(() => truth.close())

/** The endpoint of every test, as nobody has chosen anything for it. */
const PLAIN: Endpoint = {
  url: 'http://127.0.0.1/',
  enabled: true,
  revision: 0,
  secrets: [SECRET],
  signingKey: null,
  headers: null,
  retryIntervals: null,
  timeoutMs: 5000,
  rateLimit: null,
  ordered: false,
  failing: null,
}

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
    address: '203.0.113.7',
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
  assert.equal(state.endpoint, PLAIN)
  assert.equal([state.sequence, state.earlierDueMs, state.replayId], [1, null, null])
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
    const chosen = { url: 'https://shop.example/', enabled: false, secrets: [own], retryIntervals: [1, 2] }
    assert.equal(await endpoint(), { ...PLAIN, ...chosen })
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

/** A turn that has found that out about its endpoint. */
async function finding(id: string, found: Finding, events = [newEvent('endpoint.disabled', 0)]): Promise<Turn> {
  const turn = await turnOf(id, { events })
  return { ...turn, state: { ...turn.state, finding: found } }
}

const endpointRow = () =>
  kysely.selectFrom('webhook_endpoints').selectAll().where('id', '=', endpointId).executeTakeFirstOrThrow()

storing('a fenced delivery writes no attempt and disables nothing', async () => {
  const id = await bornDelivery()
  const turn = { ...(await finding(id, 'gone')), rows: [attemptRow(1)] }
  await store.commit([await turnOf(id)])
  assert.equal(await store.commit([turn]), [null])
  assert.is(await truth.count('webhook_attempts', `delivery_id = '${id}'`), 0)
  assert.is((await endpointRow()).enabled, true)
})

storing('an endpoint that begins to fail, goes on failing and recovers is written down once each', async () => {
  const id = await bornDelivery()
  const since = async () => (await endpointRow()).failing_since?.getTime() ?? null
  await store.commit([await finding(id, 'failing', [])])
  const begun = await since()
  const { failing } = (await loadOne(id)).state.endpoint!
  assert.equal([failing?.sinceMs, failing?.lastMs], [begun, begun])
  await truth.query(`update webhook_endpoints set last_failed_at = now() - interval '1 hour'`)
  await store.commit([await finding(id, 'still failing', [])])
  assert.is(await since(), begun)
  assert.ok((await endpointRow()).last_failed_at!.getTime() >= begun!)
  await store.commit([await finding(id, 'recovered', [])])
  assert.equal([await since(), (await endpointRow()).last_failed_at], [null, null])
})

storing('an endpoint that its merchant has changed since is not disabled for what it was', async () => {
  const id = await bornDelivery()
  const turn = await finding(id, 'gone')
  await kysely.updateTable('webhook_endpoints').set({ revision: 1 }).where('id', '=', endpointId).execute()
  assert.equal(await store.commit([turn]), [[]])
  assert.is((await endpointRow()).enabled, true)
  assert.is(await truth.count('events', `type = 'endpoint.disabled'`), 0)
})

storing('of all the deliveries that see an endpoint fail, one disables it and tells the others', async () => {
  const witness = { id: newId('whe_'), merchant_id: merchantId, url: 'http://127.0.0.1/w', events: ['endpoint.*'] }
  await kysely.insertInto('webhook_endpoints').values(witness).execute()
  const ids = [await bornDelivery(), await bornDelivery(), await bornDelivery()]
  const disabling = () => Promise.all(ids.map((id) => finding(id, 'failed for days')))
  const born = [...(await store.commit(await disabling())), ...(await store.commit(await disabling()))]
  assert.is(born.flat().length, 1)
  assert.is(await truth.count('events', `type = 'endpoint.disabled'`), 1)
  const { enabled, disabled_reason } = await endpointRow()
  assert.equal([enabled, disabled_reason], [false, 'failing'])
  const told = await kysely
    .selectFrom('webhook_deliveries')
    .selectAll()
    .where('type', '=', 'endpoint.disabled')
    .execute()
  assert.equal(
    told.map((row) => [row.endpoint_id, row.payment_id]),
    [[witness.id, null]],
  )
  await kysely.deleteFrom('webhook_endpoints').where('id', '=', witness.id).execute()
  await kysely.updateTable('webhook_endpoints').set({ enabled: true, disabled_reason: null }).execute()
})

storing(
  'where order is kept, an event waits for the ones before it, and is due and rung when they are through',
  async () => {
    await kysely.updateTable('webhook_endpoints').set({ ordered: true }).execute()
    const events = [newEvent('payment.created', 1), newEvent('payment.pending', 2), newEvent('payment.success', 3)]
    const [born] = await paymentStore(database).commit([
      await paymentTurn(truth, await acceptedPayment(truth), { events }),
    ])
    const loaded = await Promise.all(born!.map((address) => loadOne(address.split('/')[2]!)))
    loaded.sort((a, b) => a.state.sequence - b.state.sequence)
    const [first, second, third] = loaded.map(({ id }) => id) as [string, string, string]
    assert.equal(
      loaded.map(({ state }) => state.earlierDueMs === null),
      [true, false, false],
    )
    const later = { [IN_ORDER]: Date.now() + 3_600_000 }
    for (const id of [second, third]) await store.commit([await turnOf(id, { timers: later })])
    assert.ok((await loadOne(second)).timers[IN_ORDER]! > Date.now() + 3_000_000)
    const through = await turnOf(first)
    assert.equal(await store.commit([{ ...through, state: { ...through.state, status: 'success' } }]), [
      [`${truth.tenant}/delivery/${second}`],
    ])
    const next = await loadOne(second)
    assert.ok(next.state.earlierDueMs === null && next.timers[IN_ORDER]! <= next.now)
    assert.is.not((await loadOne(third)).state.earlierDueMs, null)
    await kysely.updateTable('webhook_endpoints').set({ ordered: false }).execute()
  },
)

storing('an attempt that waits for room is due as soon as it is looked at', async () => {
  const id = await bornDelivery()
  await store.commit([await turnOf(id, { timers: { [ROOM]: Date.now() + 600_000 } })])
  const { timers, now } = await loadOne(id)
  assert.equal(timers, { [ROOM]: now })
})

storing('what cannot be an id of a delivery is not there, and fails nobody', async () => {
  const id = await bornDelivery()
  const found = await store.load(['pay_nope', newUuidV7(), id, "x'; drop table payments"])
  assert.equal(
    found.map((loaded) => loaded.id),
    [id],
  )
})

storing.run()
