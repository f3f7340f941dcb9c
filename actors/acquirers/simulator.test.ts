import { sql } from 'kysely'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Database, openDatabase } from '../../schema/database.ts'
import { type FreshDatabase, freshDatabase } from '../../tests/support/index.ts'
import type { BankOperation } from './acquirer.ts'
import { books } from './books.ts'
import type { SimulatorSettings } from './outcomes.ts'
import { openSimulator, type Simulator } from './simulator.ts'

const test = suite('simulator')

const settings: SimulatorSettings = {
  testMode: true,
  testPaymentSuccess: true,
  testProcessingDelayMs: 60_000,
  upiSuccessRate: 0.5,
  cardSuccessRate: 0.5,
  processingDelayMinMs: 0,
  processingDelayMaxMs: 0,
}
const never = new AbortController().signal

let fresh: FreshDatabase
let database: Database
let bank: Simulator
/** The same bank as another process reaches it. */
let elsewhere: { bank: Simulator; database: Database }

test.before(async () => {
  fresh = await freshDatabase()
  const open = () => openDatabase({ url: fresh.url, max: 4, applicationName: 'simulator test' })
  database = open()
  bank = openSimulator({ database, settings })
  const other = open()
  elsewhere = { database: other, bank: openSimulator({ database: other, settings }) }
})
test.after(async () => {
  await database.close()
  await elsewhere.database.close()
  await fresh.drop()
})

let payments = 0

/** Operations of a new payment of 500. */
function newPayment(word = 'success_0s') {
  const payment = `pay_${++payments}`
  const operation = (key: string, amount: number): BankOperation => ({
    ...{ key: `${payment}:${key}`, payment, amount, currency: 'INR', instrument: `sim_upi_${word}` },
  })
  return {
    payment,
    key: `${payment}:authorize`,
    authorize: (by = bank, signal = never) => by.authorize(operation('authorize', 500), signal),
    capture: (amount: number, n = 1, by = bank) => by.capture(operation(`capture:${n}`, amount), never),
    void: (amount = 500, n = 1, by = bank) => by.void(operation(`void:${n}`, amount), never),
    refund: (amount: number, n = 1, by = bank) => by.refund(operation(`refund:${n}`, amount), never),
    inquire: (key = 'authorize') => bank.inquire(`${payment}:${key}`, never),
    /** Lets time pass for the bank's decisions on this payment. */
    async later(seconds: number) {
      const past = sql<Date>`ready_at - ${seconds} * interval '1 s'`
      await database.kysely
        .updateTable('bank.operations')
        .set({ ready_at: past, created_at: sql<Date>`created_at - ${seconds} * interval '1 s'` })
        .where('payment', '=', payment)
        .execute()
    },
  }
}

const stateOf = (answer: { state: string }) => answer.state

function reason(answer: { state: string; description?: string }): string {
  return answer.state === 'declined' ? (answer.description ?? '') : answer.state
}

test('asking many times under one key, from two processes, moves money once and always gets the same answer', async () => {
  const { payment, authorize } = newPayment()
  const answers = await Promise.all(Array.from({ length: 60 }, (_, n) => authorize(n % 2 ? bank : elsewhere.bank)))
  assert.is(new Set(answers.map((answer) => JSON.stringify(answer))).size, 1)
  assert.equal(
    (await books(database).of(payment)).map(({ kind, state, amount }) => [kind, state, amount]),
    [['authorize', 'done', 500]],
  )
})

test('what chance decided stays decided: asking again never turns a decline into a success', async () => {
  let chance = 0.99
  const lottery = openSimulator({ database, settings: { ...settings, testMode: false }, random: () => chance })
  const operation = {
    key: 'lottery:authorize',
    payment: 'lottery',
    amount: 500,
    currency: 'INR',
    instrument: 'sim_upi',
  }
  assert.is(stateOf(await lottery.authorize(operation, never)), 'declined')
  chance = 0
  assert.is(stateOf(await lottery.authorize(operation, never)), 'declined')
  assert.is(stateOf(await lottery.inquire(operation.key, never)), 'declined')
})

test('a slow bank says when to ask again, and has decided by then', async () => {
  const { authorize, inquire, later } = newPayment('success_30s')
  const answer = await authorize()
  assert.ok(answer.state === 'pending' && answer.askAgainMs > 29_000 && answer.askAgainMs <= 30_000)
  await later(29)
  assert.is(stateOf(await inquire()), 'pending')
  await later(1)
  assert.is(stateOf(await inquire()), 'done')
  assert.is(stateOf(await authorize()), 'done')
})

test('the bank never heard of a key that it was not asked under', async () => {
  assert.equal(await newPayment().inquire(), { state: 'unknown' })
})

test('a decline comes with its reason for the payer', async () => {
  for (const [word, expected] of [
    ['failure', 'Payment declined by the bank'],
    ['insufficient_funds', 'Insufficient funds'],
  ]) {
    const { authorize, inquire, later } = newPayment(word)
    assert.is(stateOf(await authorize()), 'pending')
    await later(60)
    const { bankRef, ...said } = (await inquire()) as { state: 'declined'; bankRef: string }
    assert.equal(said, { state: 'declined', code: 'PAYMENT_FAILED', description: expected })
    assert.ok(bankRef)
  }
})

test('a silent bank leaves its caller to the deadline, is undecided for ever, and still confirms a void', async () => {
  const { payment, authorize, inquire, void: release, later } = newPayment('timeout')
  const caller = new AbortController()
  const call = authorize(bank, caller.signal)
  while ((await books(database).of(payment)).length === 0) await new Promise(setImmediate)
  const deadline = new Error('deadline')
  caller.abort(deadline)
  assert.is(await call.catch((error: unknown) => error), deadline)
  await later(86_400)
  assert.equal(await inquire(), { state: 'pending', askAgainMs: 5_000 })
  assert.is(stateOf(await release()), 'done')
  assert.is(reason(await inquire()), 'The payment was voided before')
})

test('an authorization whose call was never answered is found successful when its time has come', async () => {
  const { payment, authorize, inquire, later } = newPayment('timeout_success_30s')
  const caller = new AbortController()
  const call = authorize(bank, caller.signal).catch((error: unknown) => error)
  while ((await books(database).of(payment)).length === 0) await new Promise(setImmediate)
  caller.abort()
  await call
  assert.is(stateOf(await inquire()), 'pending')
  await later(30)
  assert.is(stateOf(await inquire()), 'done')
})

test('only what was approved can be captured, at most its amount, and once', async () => {
  const undecided = newPayment('success_30s')
  await undecided.authorize()
  assert.is(reason(await undecided.capture(500)), 'The capture is more than what is authorized')
  assert.is(stateOf(await newPayment().capture(500)), 'declined')
  const { authorize, capture } = newPayment()
  await authorize()
  assert.is(reason(await capture(501, 1)), 'The capture is more than what is authorized')
  assert.is(stateOf(await capture(200, 2)), 'done')
  assert.is(stateOf(await capture(200, 2)), 'done')
  assert.is(reason(await capture(100, 3)), 'The payment is captured already')
})

test('after a void nothing under the payment can be charged, captured or paid back', async () => {
  const approved = newPayment()
  await approved.authorize()
  assert.is(stateOf(await approved.void()), 'done')
  assert.is(stateOf(await approved.capture(500)), 'declined')
  assert.is(stateOf(await approved.refund(1)), 'declined')

  const undecided = newPayment('success_30s')
  await undecided.authorize()
  assert.is(stateOf(await undecided.void(400)), 'done')
  assert.is(reason(await undecided.inquire()), 'The payment was voided before')
  await undecided.later(60)
  assert.is(stateOf(await undecided.inquire()), 'declined')
  assert.is(stateOf(await undecided.capture(100)), 'declined')

  // However little of it was named: what was not approved by then never is.
  const unheard = newPayment()
  assert.is(stateOf(await unheard.void(1)), 'done')
  assert.is(stateOf(await unheard.authorize()), 'declined')
  assert.is(stateOf(await unheard.inquire()), 'declined')
  assert.is(stateOf(await unheard.capture(100)), 'declined')
})

test('a void that leaves a promised refund out lets that refund through, and no more', async () => {
  const { authorize, void: release, refund, later, inquire } = newPayment()
  await authorize()
  assert.is(stateOf(await release(400)), 'done')
  assert.is(reason(await refund(101, 1)), 'The refund is more than what was charged')
  assert.is(stateOf(await refund(100, 2)), 'pending')
  await later(60)
  assert.is(stateOf(await inquire('refund:2')), 'done')
})

test('refunds under different keys, from two processes at once, never pass what was charged', async () => {
  const { payment, authorize, capture, refund } = newPayment()
  await authorize()
  await capture(400)
  const answers = await Promise.all(Array.from({ length: 100 }, (_, n) => refund(10, n, n % 2 ? bank : elsewhere.bank)))
  assert.is(answers.filter(({ state }) => state === 'pending').length, 40)
  assert.is(answers.filter(({ state }) => state === 'declined').length, 60)
  const paidBack = (await books(database).of(payment)).filter(
    ({ kind, state }) => kind === 'refund' && state !== 'declined',
  )
  assert.is(paidBack.length, 40)
})

test('an authorization and a void that meet leave nothing to capture, whichever came first', async () => {
  await Promise.all(
    Array.from({ length: 100 }, async () => {
      const { authorize, void: release, capture } = newPayment()
      await Promise.all([authorize(), release(500, 1, elsewhere.bank)])
      assert.is(stateOf(await capture(500)), 'declined')
    }),
  )
})

test('a bank that answers twice says the same the second time', async () => {
  const { key, payment, authorize, inquire, later } = newPayment('duplicate')
  const quick = openSimulator({ database, settings: { ...settings, testProcessingDelayMs: 0 } })
  const heard = Promise.withResolvers<unknown>()
  const stop = quick.onLateAnswer(heard.resolve)
  const answer = await authorize(quick)
  assert.is(answer.state, 'done')
  const open = setTimeout(() => heard.reject(new Error('no second answer')), 10_000)
  assert.equal(await heard.promise, { key, payment, answer })
  clearTimeout(open)
  stop()
  await later(1)
  assert.equal(await inquire(), answer)
})

test('a key that stands for something else is refused', async () => {
  const { payment, key, authorize } = newPayment()
  await authorize()
  const other = { key, payment, amount: 501, currency: 'INR', instrument: 'sim_upi_success_0s' }
  const refusal = await bank.authorize(other, never).catch((error: Error) => error.message)
  assert.is(refusal, `the key ${key} stands for another operation at the bank: one key, one operation`)
})

test('a caller whose time is up is let go at once', async () => {
  const stuck: Database = { ...database, run: () => new Promise<never>(() => undefined) }
  const away = openSimulator({ database: stuck, settings })
  for (const ask of [
    (signal: AbortSignal) => newPayment().authorize(away, signal),
    (signal: AbortSignal) => away.inquire('k', signal),
  ]) {
    const caller = new AbortController()
    const call = ask(caller.signal).catch((error: unknown) => error)
    caller.abort('time is up')
    assert.is(await call, 'time is up')
    assert.is(await ask(caller.signal).catch((error: unknown) => error), 'time is up')
  }
})

test('a thousand calls at once cost a handful of statements', async () => {
  let statements = 0
  const counted: Database = {
    ...database,
    run: (statement, values) => {
      statements++
      return database.run(statement, values)
    },
  }
  const crowd = openSimulator({ database: counted, settings })
  const keys = await Promise.all(
    Array.from({ length: 1_000 }, async () => {
      const { key, authorize } = newPayment()
      await authorize(crowd)
      return key
    }),
  )
  const found = await Promise.all(keys.map((key) => crowd.inquire(key, never)))
  assert.ok(found.every(({ state }) => state === 'done'))
  assert.ok(statements <= 20, `${statements} statements`)
})

test.run()
