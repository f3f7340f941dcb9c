import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { reverse } from './authorize.ts'
import type { Bank, PaymentTurn } from './bank.ts'
import { cancel } from './capture.ts'
import type { Operation, Payment } from './state.ts'

const test = suite('an authorization that must not stand')

const operation = (kind: Operation['kind'], key: string): Operation => ({
  ...{ key, kind, amount: 100, state: 'asking', bankRef: null, errorCode: null, asked: 1 },
  createdAt: '2026-01-01T00:00:00.000Z',
})

/** Keys that the bank was asked about; it says nothing. */
function silentBank(): { bank: Bank; keys: string[] } {
  const keys: string[] = []
  const step = async (_payment: Payment, { key }: Operation) => {
    keys.push(key)
    return { state: 'silent' }
  }
  return { bank: { step } as unknown as Bank, keys }
}

test('is released under one key: while the bank is silent there is no second', async () => {
  const { bank, keys } = silentBank()
  const scheduled: string[] = []
  const turn = { now: () => 42, schedule: (name: string) => scheduled.push(name) } as unknown as PaymentTurn
  const operations = [operation('authorize', 'pay_1:authorize'), operation('void', 'pay_1:void:7')]
  const payment = { id: 'pay_1', status: 'failed', amount: 100, operations } as unknown as Payment
  await reverse(payment, bank, turn)
  assert.equal([keys, scheduled], [['pay_1:void:7'], ['reverse']])
})

test('is voided for whoever cancels, though no operation stands: a turn may have asked the bank and died before its commit', async () => {
  const { bank, keys } = silentBank()
  const scheduled: string[] = []
  const turn = {
    now: () => 42,
    schedule: (name: string) => scheduled.push(name),
    cancel: () => {},
    emit: () => {},
    reply: () => {},
  } as unknown as PaymentTurn
  const payment = {
    id: 'pay_1',
    ...{ status: 'pending', amount: 100, capturedAmount: null, canceled: false },
    operations: [],
    refunds: [],
  } as unknown as Payment
  await cancel(payment, { seq: 1, onlyPending: false }, bank, turn)
  assert.equal([payment.status, scheduled], ['failed', ['reverse']])
  await reverse(payment, bank, turn)
  assert.equal(keys, ['pay_1:void:42'])
})

test.run()
