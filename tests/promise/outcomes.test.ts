import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { until } from '../contract/until.ts'
import { Fleet } from '../fleet/fleet.ts'

const test = suite('banks that answer twice, or not at all')

let fleet: Fleet
test.before(async () => {
  fleet = await Fleet.open({ workers: 1, settings: { TEST_PROCESSING_DELAY: '200' } })
})
test.after(() => fleet?.close())

const PATIENCE_MS = 40_000

interface Line {
  kind: string
  name: string
  detail: Record<string, unknown>
}

async function timeline(id: string): Promise<Line[]> {
  return (await fleet.merchant.call('GET', `/api/v1/payments/${id}/timeline`)).body.data
}

async function eventsOf(id: string): Promise<string[]> {
  const { body } = await fleet.merchant.call('GET', `/api/v1/events?payment_id=${id}&limit=100`)
  const told: { type: string; sequence: number }[] = body.data
  return told.sort((a, b) => a.sequence - b.sequence).map(({ type }) => type)
}

/** One charge at the bank, one terminal state, one event that tells it. */
async function requireChargedOnce(id: string): Promise<void> {
  const { status, amount_refunded, error_code } = await fleet.merchant.payment(id)
  assert.equal([status, amount_refunded, error_code], ['success', 0, undefined])
  assert.equal(
    (await fleet.books.of(id)).map(({ kind, state, amount }) => [kind, state, amount]),
    [['authorize', 'done', 50_000]],
  )
  assert.equal(await eventsOf(id), ['payment.created', 'payment.pending', 'payment.success'])
  const states = (await timeline(id)).filter(({ kind }) => kind === 'state').map(({ name }) => name)
  assert.equal(states, ['pending', 'success'])
}

test('duplicate@sim: the second answer is noted and changes nothing', async () => {
  const { body } = await fleet.merchant.pay({ vpa: 'duplicate@sim' })
  const callbacks = async () => (await timeline(body.id)).filter(({ name }) => name === 'callback')
  await until(async () => (await callbacks()).length > 0, PATIENCE_MS)
  assert.equal(
    (await callbacks()).map(({ detail }) => detail.answer),
    ['closed, ignored'],
  )
  await requireChargedOnce(body.id)
})

test('timeout.success.30s@sim: no answer, then found successful, and never asked for under a second key', async () => {
  const { body } = await fleet.merchant.pay({ vpa: 'timeout.success.30s@sim' })
  const asked = () => fleet.number('select count(*)::int as n from bank.operations where payment = $1', [body.id])
  await until(async () => (await asked()) > 0)
  // The bank's clock moves on by the half minute that nobody needs to wait for.
  await fleet.rows(
    `update bank.operations set ready_at = ready_at - interval '30 s', created_at = created_at - interval '30 s' where payment = $1`,
    [body.id],
  )
  await until(async () => (await fleet.merchant.payment(body.id)).status !== 'pending', PATIENCE_MS)
  await requireChargedOnce(body.id)
  const keys = await fleet.rows<{ key: string }>('select key from bank.operations where payment = $1', [body.id])
  assert.equal(
    keys.map(({ key }) => key),
    [`${body.id}:authorize`],
  )
})

test.run()
