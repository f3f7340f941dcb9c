import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { until } from '../contract/until.ts'
import { Fleet } from '../fleet/fleet.ts'
import { Receiver } from '../fleet/receiver.ts'

const test = suite('kill -9 of both workers')

const PAYMENTS = 200
/** Most payments are at the bank by then, the rest anywhere before it. */
const AT_THE_BANK = 150

let fleet: Fleet
let receiver: Receiver
test.before(async () => {
  receiver = await Receiver.open()
  const chance = { TEST_MODE: 'false', UPI_SUCCESS_RATE: '0.8' }
  const delay = { PROCESSING_DELAY_MIN: '1500', PROCESSING_DELAY_MAX: '3000' }
  fleet = await Fleet.open({ settings: { ...chance, ...delay } })
  await fleet.merchant.sendWebhooksTo(receiver.url)
})
test.after(async () => {
  await fleet?.close()
  await receiver?.close()
})

const atTheBank = () => fleet.number('select count(*)::int as n from bank.operations')
const undecided = () => fleet.number("select count(*)::int as n from payments where status = 'pending'")
const undelivered = () => fleet.number("select count(*)::int as n from webhook_deliveries where status <> 'success'")

test('200 payments in the bank’s delay all end as its books say, each charged once, each event delivered', async () => {
  // Chance decides what the bank says, so nothing but its books can know.
  const accepted = Promise.all(Array.from({ length: PAYMENTS }, () => fleet.merchant.pay({ vpa: 'somebody@upi' })))
  await until(async () => (await atTheBank()) >= AT_THE_BANK)
  await fleet.killWorkers()
  assert.ok((await accepted).every(({ status }) => status === 201))
  assert.is(await undecided(), PAYMENTS, 'nothing was decided before the kill')

  await Promise.all([fleet.startWorker(), fleet.startWorker()])
  await until(async () => (await undecided()) === 0, 30_000)
  await until(async () => (await undelivered()) === 0, 30_000)

  const ends = await fleet.rows<{ id: string; status: string; charges: number; operations: number }>(`
    select p.id, p.status, count(*)::int as operations,
      count(*) filter (where o.outcome = 'approved')::int as charges
    from payments p left join bank.operations o on o.payment = p.id group by p.id`)
  assert.is(ends.length, PAYMENTS)
  for (const { id, status, charges, operations } of ends) {
    assert.equal([operations, status], [1, charges === 1 ? 'success' : 'failed'], id)
  }
  assert.ok(ends.some(({ status }) => status === 'failed'))

  const events = await fleet.rows<{ id: string; story: string }>(`
    select payment_id as id, string_agg(type, ' ' order by sequence) as story from events group by payment_id`)
  const statusOf = new Map(ends.map(({ id, status }) => [id, status]))
  for (const { id, story } of events) {
    assert.is(story, `payment.created payment.pending payment.${statusOf.get(id)}`)
  }
  const ids = await fleet.rows<{ id: string }>('select id from events')
  assert.is(ids.length, 3 * PAYMENTS)
  assert.equal([...receiver.ids].sort(), ids.map(({ id }) => id).sort())
})

test.run()
