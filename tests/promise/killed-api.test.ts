import { setTimeout as sleep } from 'node:timers/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { until } from '../contract/until.ts'
import { Fleet } from '../fleet/fleet.ts'
import type { Answer } from '../fleet/merchant.ts'

const test = suite('an API that is killed between the commit and the answer')

const CALLERS = 50
const TRY_AGAIN_MS = 25
const PATIENCE_MS = 30_000

let fleet: Fleet
test.before(async () => {
  fleet = await Fleet.open({ workers: 1 })
})
test.after(() => fleet?.close())

/** As a client does that knows its Idempotency-Key: again, until there is an answer. */
async function insist(call: () => Promise<Answer>): Promise<Answer> {
  const deadline = performance.now() + PATIENCE_MS
  for (;;) {
    const answer = await call().catch(() => null)
    if (answer && answer.status < 500) return answer
    if (performance.now() > deadline) throw new Error('no answer in half a minute')
    await sleep(TRY_AGAIN_MS)
  }
}

/** Fifty callers at once, and the API killed as soon as the first of them has left something in the table. */
async function killedAmid(call: () => Promise<Answer>, written: string): Promise<Answer[]> {
  const before = await fleet.number(written)
  const answers = Promise.all(Array.from({ length: CALLERS }, () => insist(call)))
  await until(async () => (await fleet.number(written)) > before)
  await fleet.restartApi()
  return answers
}

function requireOneAnswer(answers: Answer[], status: number): void {
  assert.equal([...new Set(answers.map((answer) => `${answer.status} ${answer.text}`))].length, 1)
  assert.is(answers[0]?.status, status)
}

test('50 payments under one Idempotency-Key are one payment, charged once, and 50 equal answers', async () => {
  const payments = 'select count(*)::int as n from payments'
  const before = await fleet.number(payments)
  const pay = () => fleet.merchant.pay({ amount: 50_000 }, { 'idempotency-key': 'killed payment' })
  const answers = await killedAmid(pay, payments)
  requireOneAnswer(answers, 201)
  assert.is(await fleet.number(payments), before + 1)
  const { id } = answers[0]?.body ?? {}
  await until(async () => (await fleet.merchant.payment(id)).status === 'success')
  assert.is((await fleet.books.of(id)).length, 1)
})

test('50 refunds under one Idempotency-Key are one refund, and 50 equal answers', async () => {
  const { body } = await fleet.merchant.pay({ amount: 50_000 })
  await until(async () => (await fleet.merchant.payment(body.id)).status === 'success')
  const refund = () => fleet.merchant.refund(body.id, 700, { 'idempotency-key': 'killed refund' })
  requireOneAnswer(await killedAmid(refund, 'select count(*)::int as n from inbox'), 201)
  await until(async () => (await fleet.merchant.payment(body.id)).amount_refunded === 700)
  assert.is((await fleet.books.of(body.id)).filter(({ kind }) => kind === 'refund').length, 1)
})

test('50 new keys under one Idempotency-Key are one key, whose secret all learn', async () => {
  const keys = 'select count(*)::int as n from api_keys'
  const before = await fleet.number(keys)
  const headers = { 'idempotency-key': 'killed key' }
  const create = () => fleet.merchant.call('POST', '/api/v1/api_keys', { body: {}, headers })
  const answers = await killedAmid(create, keys)
  requireOneAnswer(answers, 201)
  assert.match(answers[0]?.body.api_secret, /^secret_test_/)
  assert.is(await fleet.number(keys), before + 1)
})

test.run()
