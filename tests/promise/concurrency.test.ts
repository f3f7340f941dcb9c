import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { until } from '../contract/until.ts'
import { Fleet } from '../fleet/fleet.ts'
import type { Answer } from '../fleet/merchant.ts'

const test = suite('many callers at once')

let fleet: Fleet
test.before(async () => {
  fleet = await Fleet.open()
})
test.after(() => fleet?.close())

const atOnce = (count: number, call: () => Promise<Answer>) => Promise.all(Array.from({ length: count }, call))
const byStatus = (answers: Answer[], status: number) => answers.filter((answer) => answer.status === status)

/** A payment of 50000 that the bank has said yes to. */
async function paid(): Promise<string> {
  const { body } = await fleet.merchant.pay({ amount: 50_000 })
  await until(async () => (await fleet.merchant.payment(body.id)).status === 'success')
  return body.id
}

test('100 refunds of 1000 of a payment of 50000: 50 are accepted, 50 refused, and the bank pays 50000 back', async () => {
  const id = await paid()
  const answers = await atOnce(100, () => fleet.merchant.refund(id, 1_000))
  assert.equal([byStatus(answers, 201).length, byStatus(answers, 400).length], [50, 50])
  for (const { body } of byStatus(answers, 400)) {
    assert.is(body.error.code, 'BAD_REQUEST_ERROR')
    assert.is(body.error.description, 'Refund amount exceeds available amount')
  }
  assert.is(new Set(byStatus(answers, 201).map(({ body }) => body.id)).size, 50)

  await until(async () => (await fleet.merchant.payment(id)).amount_refunded === 50_000)
  assert.is((await fleet.merchant.payment(id)).refund_status, 'full')
  const refunds = (await fleet.books.of(id)).filter(({ kind, state }) => kind === 'refund' && state === 'done')
  assert.is(refunds.length, 50)
})

test('20 captures at once: one takes the money, 19 hear why they may not', async () => {
  const id = await paid()
  const answers = await atOnce(20, () => fleet.merchant.capture(id))
  assert.equal([byStatus(answers, 200).length, byStatus(answers, 400).length], [1, 19])
  for (const { body } of byStatus(answers, 400)) assert.is(body.error.description, 'Payment not in capturable state')
  assert.equal(byStatus(answers, 200)[0]?.body, await fleet.merchant.payment(id))
  assert.is((await fleet.books.of(id)).filter(({ kind }) => kind === 'capture').length, 1)
})

test('20 payments at once under one Idempotency-Key: one payment, charged once, and 20 answers of the same bytes', async () => {
  const before = await fleet.number('select count(*)::int as n from payments')
  const answers = await atOnce(20, () => fleet.merchant.pay({}, { 'idempotency-key': 'one-of-twenty' }))
  assert.is(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size, 1)
  assert.is(byStatus(answers, 201).length, 20)
  assert.is(answers.filter(({ headers }) => headers.get('idempotent-replayed') === 'true').length, 19)
  assert.is(await fleet.number('select count(*)::int as n from payments'), before + 1)

  const { id } = answers[0]?.body ?? {}
  await until(async () => (await fleet.merchant.payment(id)).status === 'success')
  assert.is((await fleet.books.of(id)).length, 1)
})

test('20 refunds at once under one Idempotency-Key: one refund, and 20 answers of the same bytes', async () => {
  const id = await paid()
  const answers = await atOnce(20, () => fleet.merchant.refund(id, 700, { 'idempotency-key': 'one-refund' }))
  assert.is(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size, 1)
  assert.is(byStatus(answers, 201).length, 20)
  await until(async () => (await fleet.merchant.payment(id)).amount_refunded === 700)
  assert.is((await fleet.books.of(id)).filter(({ kind }) => kind === 'refund').length, 1)
})

test.run()
