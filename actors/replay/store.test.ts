import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { parseAddress } from '../../runtime/address.ts'
import type { Commit } from '../../runtime/storage.ts'
import { newId } from '../../schema/ids.ts'
import { acceptedPayment, newEvent, openTruth, paymentTurn } from '../../tests/support/truth.ts'
import { paymentStore } from '../payment/store.ts'
import { gatewayStorage } from '../storage.ts'
import { replayPages } from './pages.ts'
import type { ReplayRow, WebhookReplay } from './state.ts'
import { replayStore } from './store.ts'

const storing = suite('replays in Postgres')
const truth = await openTruth()
const { database, merchantId, tenant } = truth
const { kysely } = database
const store = replayStore(database)
const pages = replayPages(database)
storing.after(() => truth.close())

type Turn = Commit<WebhookReplay, ReplayRow, never>

/** A payment's events, each with its delivery to whatever endpoints there are; answers the deliveries' ids. */
async function deliveries(count: number): Promise<string[]> {
  const events = Array.from({ length: count }, (_, n) => newEvent('payment.success', n + 1))
  const [born] = await paymentStore(database).commit([
    await paymentTurn(truth, await acceptedPayment(truth), { events }),
  ])
  return born!.map((address) => parseAddress(address).id)
}

async function replay(values: object): Promise<string> {
  const id = newId('rpl_')
  const period = { since: new Date(0), until: new Date(Date.now() + 60_000) }
  await kysely
    .insertInto('webhook_replays')
    .values({
      id,
      merchant_id: merchantId,
      source: 'failed',
      ...period,
      rate: 100,
      timers: '{"work":0}',
      wake_at: new Date(0),
      ...values,
    })
    .execute()
  return id
}

const load = async (id: string) => (await store.load([id]))[0]!

async function turnOf(id: string, rows: ReplayRow[]): Promise<Turn> {
  const { state, version, now } = await load(id)
  const journal = { messages: [], worker: 'test', started: now, took: 1 }
  const moved = { ...state, replayed: state.replayed + rows.length }
  return { id, tenant, state: moved, version, lastSeq: 0, timers: {}, rows, events: [], results: [], journal }
}

storing('a page is handed out with the commit that moves the replay on, and each delivery is rung', async () => {
  const ids = await deliveries(3)
  const id = await replay({})
  const turn = await turnOf(
    id,
    ids.map((deliveryId) => ({ deliveryId })),
  )
  const [rung] = await store.commit([turn])
  assert.equal(rung!.sort(), ids.map((delivery) => `${tenant}/delivery/${delivery}`).sort())
  const inbox = await kysely.selectFrom('inbox').selectAll().where('actor_id', 'in', ids).execute()
  assert.equal(
    inbox.map(({ seq, kind, command, body }) => ({ seq, kind, command, body })),
    ids.map(() => ({ seq: 1, kind: 'delivery', command: 'replay', body: { replay_id: id, whatever: false } })),
  )
  assert.is((await load(id)).state.replayed, 3)
})

storing('a turn that was overtaken hands out nothing', async () => {
  const ids = await deliveries(2)
  const id = await replay({})
  const overtaken = await turnOf(
    id,
    ids.map((deliveryId) => ({ deliveryId })),
  )
  await store.commit([await turnOf(id, [])])
  assert.equal(await store.commit([overtaken]), [null])
  assert.is(await truth.count('inbox', `actor_id in ('${ids.join(`','`)}')`), 0)
})

storing('two replays of one delivery in one group give it two commands, numbered without a gap', async () => {
  const [delivery] = await deliveries(1)
  const rows = [{ deliveryId: delivery! }]
  await store.commit([await turnOf(await replay({}), rows), await turnOf(await replay({}), rows)])
  const seqs = await kysely.selectFrom('inbox').select('seq').where('actor_id', '=', delivery!).orderBy('seq').execute()
  assert.equal(
    seqs.map(({ seq }) => seq),
    [1, 2],
  )
})

storing('pages of failed deliveries walk them all in order, once each, and no others', async () => {
  const ids = await deliveries(25)
  const failed = ids.filter((_, n) => n % 2 === 0)
  await truth.query(`update webhook_deliveries set status = 'failed' where id = any ($1)`, [failed])
  const { state } = await load(await replay({}))
  const walked: string[] = []
  for (let place: string | null = null, more = true; more; more = place !== null) {
    const page = await pages({ ...state, place }, 4)
    walked.push(...page.rows.map((row) => ('deliveryId' in row ? row.deliveryId : '')))
    place = page.place
  }
  assert.equal([...walked].sort(), [...failed].sort())
  assert.equal((await pages({ ...state, endpointId: 'whe_other' }, 4)).rows, [])
  assert.equal((await pages({ ...state, until: new Date(0).toISOString() }, 4)).rows, [])
})

storing('what an endpoint never got is found, delivered anew, and then no longer missing', async () => {
  const late = { id: newId('whe_'), merchant_id: merchantId, url: 'http://127.0.0.1/late', events: ['payment.success'] }
  await deliveries(3)
  await kysely.insertInto('webhook_endpoints').values(late).execute()
  const id = await replay({ source: 'missing', endpoint_id: late.id })
  const { state } = await load(id)
  const events = await truth.count('events', `type = 'payment.success'`)
  const first = await pages(state, 2)
  assert.is(first.rows.length, 2)
  const rest = await pages({ ...state, place: first.place }, 1_000)
  assert.is(first.rows.length + rest.rows.length, events)
  const turn = await turnOf(id, first.rows)
  assert.is((await store.commit([turn]))[0]!.length, 2)
  const again = await turnOf(
    id,
    first.rows.map((row) => ({ ...row, newDeliveryId: crypto.randomUUID() })),
  )
  await store.commit([again])
  const born = await kysely.selectFrom('webhook_deliveries').selectAll().where('endpoint_id', '=', late.id).execute()
  assert.is(born.length, 2, 'an event that is there by now is not delivered twice')
  assert.ok(born.every(({ replay_id, status, wake_at }) => replay_id === id && status === 'pending' && wake_at))
  assert.is((await pages(state, 1_000)).rows.length, events - 2)
})

storing('a selection is handed out as it was named', async () => {
  const ids = (await deliveries(5)).slice(0, 5)
  const id = await replay({ source: 'selected', selected: ids, since: null, until: null })
  const { state } = await load(id)
  const first = await pages(state, 3)
  const second = await pages({ ...state, place: first.place }, 3)
  assert.equal(
    [...first.rows, ...second.rows],
    ids.map((deliveryId) => ({ deliveryId })),
  )
  assert.is(second.place, null)
})

storing('a replay that is overdue is owed a turn', async () => {
  const id = await replay({})
  const { owed } = await gatewayStorage(database).owed({ fromMs: null, toMs: -5000, after: null, limit: 1_000 })
  assert.ok(owed.some(({ address }) => address === `${tenant}/replay/${id}`))
})

storing.run()
