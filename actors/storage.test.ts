import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { parseAddress } from '../runtime/address.ts'
import { acceptedPayment, newCommand, newEvent, openTruth, paymentTurn } from '../tests/support/truth.ts'
import { paymentStore } from './payment/store.ts'
import { gatewayStorage } from './storage.ts'

const owing = suite('who is owed a turn')
const truth = await openTruth()
const { acceptance, database } = truth
const storage = gatewayStorage(database)
owing.before.each(async () => {
  await truth.query('truncate payments, webhook_deliveries, inbox, mailboxes, events')
})
owing.after(() => truth.close())

const OVERDUE = { fromMs: null, toMs: -5000 }
const times = <Item>(n: number, make: (n: number) => Item): Item[] => Array.from({ length: n }, (_, i) => make(i))

/** Everybody in a range, page by page. */
async function walk(range: { fromMs: number | null; toMs: number }, limit: number) {
  const pages = []
  let after: string | null = null
  do {
    const page = await storage.owed({ ...range, after, limit })
    pages.push(page.owed)
    after = page.next
  } while (after !== null)
  return { pages: pages.length, owed: pages.flat() }
}

const idsOf = (owed: { address: string }[]) => owed.map(({ address }) => parseAddress(address).id)

owing('pages walk all that are overdue to the end, once each, and nobody who is not', async () => {
  const ids = await Promise.all(times(25, () => acceptedPayment(truth)))
  await acceptedPayment(truth) // due, but within the grace
  await truth.query(`update payments set wake_at = now() - interval '1 min' where id = any ($1)`, [ids])
  for (const limit of [1, 7, 25, 100]) {
    const { owed } = await walk(OVERDUE, limit)
    assert.equal(idsOf(owed).sort(), [...ids].sort(), `${limit} a page`)
  }
})

owing('rows that stay overdue never hide the ones behind them', async () => {
  const parked = await Promise.all(times(30, () => acceptedPayment(truth)))
  const behind = await acceptedPayment(truth)
  await truth.query(`update payments set wake_at = now() - interval '1 hour' where id = any ($1)`, [parked])
  await truth.query(`update payments set wake_at = now() - interval '1 min' where id = $1`, [behind])
  for (let pass = 0; pass < 2; pass++) assert.is(idsOf((await walk(OVERDUE, 10)).owed).at(-1), behind)
})

owing(
  'a page mixes payments, deliveries and commands by how long they wait, with addresses that lead to them',
  async () => {
    const id = await acceptedPayment(truth)
    const commanded = await acceptedPayment(truth)
    const turn = await paymentTurn(truth, id, { events: [newEvent()], timers: {} })
    const [born] = await paymentStore(database).commit([turn])
    await acceptance.command(newCommand(truth, commanded), null)
    await truth.query(`update payments set wake_at = null, timers = '{}'`)
    await truth.query(`update webhook_deliveries set wake_at = now() - interval '2 min'`)
    await truth.query(`update inbox set created_at = now() - interval '1 min'`)
    const { owed } = await walk(OVERDUE, 10)
    assert.equal(
      owed.map(({ address }) => address),
      [born![0], `${truth.tenant}/payment/${commanded}`],
    )
    assert.ok(Math.abs(owed[0]!.inMs + 120_000) < 1000 && Math.abs(owed[1]!.inMs + 60_000) < 1000)
    for (const limit of [1, 2]) assert.equal((await walk(OVERDUE, limit)).owed.length, 2)
  },
)

owing('a handled command is owed nothing', async () => {
  const id = await acceptedPayment(truth)
  await acceptance.command(newCommand(truth, id), null)
  await paymentStore(database).commit([await paymentTurn(truth, id, { lastSeq: 1, timers: {} })])
  await truth.query(`update inbox set created_at = now() - interval '1 min'`)
  assert.equal((await walk(OVERDUE, 10)).owed, [])
})

owing('a look ahead finds the timers of its span, and how far off they are', async () => {
  const ids = await Promise.all(times(4, () => acceptedPayment(truth)))
  for (const [n, seconds] of [-60, 60, 300, 900].entries()) {
    await truth.query(`update payments set wake_at = now() + $2 * interval '1 s' where id = $1`, [ids[n], seconds])
  }
  const { owed } = await walk({ fromMs: 0, toMs: 600_000 }, 1)
  assert.equal(idsOf(owed), [ids[1], ids[2]])
  assert.ok(Math.abs(owed[0]!.inMs - 60_000) < 1000)
  assert.equal(idsOf((await walk({ fromMs: null, toMs: 600_000 }, 10)).owed), ids.slice(0, 3))
})

owing('rows that are due in the same microsecond are neither skipped nor seen twice', async () => {
  const ids = await Promise.all(times(50, () => acceptedPayment(truth)))
  await truth.query(`update payments set wake_at = '2020-01-01 00:00:00.123456+00'`)
  assert.equal(idsOf((await walk(OVERDUE, 7)).owed).sort(), [...ids].sort())
})

owing('an answer is there once its command is handled, and not before', async () => {
  const id = await acceptedPayment(truth)
  await acceptance.command(newCommand(truth, id), null)
  await acceptance.command(newCommand(truth, id), null)
  const address = `${truth.tenant}/payment/${id}` as const
  const asked = [2, 1, 3].map((seq) => ({ address, seq }))
  assert.equal(await storage.answers(asked), [])
  const result = { status: 400, body: { error: { code: 'BAD_REQUEST_ERROR' } } }
  const turn = await paymentTurn(truth, id, { lastSeq: 1, results: [{ seq: 1, result }] })
  await paymentStore(database).commit([turn])
  assert.equal(await storage.answers(asked), [{ address, seq: 1, result }])
})

owing.run()
