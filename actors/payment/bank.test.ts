import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { LeaseLost } from '../../runtime/actor.ts'
import type { Acquirer } from '../acquirers/acquirer.ts'
import { Bank, type PaymentTurn } from './bank.ts'
import type { Operation, Payment } from './state.ts'

const test = suite('one step at the bank')

const OPERATION: Operation = {
  key: 'pay_1:authorize',
  kind: 'authorize',
  amount: 100,
  state: 'asking',
  bankRef: null,
  errorCode: null,
  asked: 1,
  createdAt: '2026-01-01T00:00:00.000Z',
}
const payment = { id: 'pay_1', currency: 'INR', instrument: 'tok', operations: [] } as unknown as Payment

/** A bank that never heard of anything, and what was asked of it. */
function ignorantBank(): { acquirer: Acquirer; asked: string[] } {
  const asked: string[] = []
  const acquirer = {
    inquire: async () => {
      asked.push('inquire')
      return { state: 'unknown' }
    },
    authorize: async () => {
      asked.push('authorize')
      return { state: 'done', bankRef: 'x' }
    },
  } as unknown as Acquirer
  return { acquirer, asked }
}

/** A turn whose worker sleeps past its lease after so many effects. */
function sleepyTurn(effects: number, saved?: string[]): PaymentTurn {
  let left = effects
  return {
    signal: new AbortController().signal,
    effect: async (act: (signal: AbortSignal, mayLeave: () => void) => Promise<unknown>) => {
      if (left-- === 0) throw new LeaseLost('slept')
      return act(new AbortController().signal, () => {})
    },
    write: () => {},
    note: () => {},
    save: async () => {
      saved?.push('saved')
    },
  } as unknown as PaymentTurn
}

test('asks the bank once the intent is written, and not before', async () => {
  const { acquirer, asked } = ignorantBank()
  const said = await new Bank(acquirer).step(payment, { ...OPERATION, asked: 0 }, sleepyTurn(1, asked))
  assert.equal([said.state, asked], ['done', ['saved', 'authorize']])
})

test('asks again under the same key what the bank never heard of', async () => {
  const { acquirer, asked } = ignorantBank()
  const said = await new Bank(acquirer).step(payment, { ...OPERATION }, sleepyTurn(2))
  assert.equal([said.state, asked], ['done', ['inquire', 'authorize']])
})

test('does not ask when the worker slept past its lease during the inquiry', async () => {
  const { acquirer, asked } = ignorantBank()
  const step = new Bank(acquirer).step(payment, { ...OPERATION }, sleepyTurn(1))
  const error = await step.catch((reason) => reason)
  assert.instance(error, LeaseLost)
  assert.equal(asked, ['inquire'])
})

/** A turn that counts its commits. */
function countingTurn(): { turn: PaymentTurn; saves: () => number } {
  let saves = 0
  const signal = new AbortController().signal
  const turn = {
    signal,
    now: () => 0,
    effect: (act: (signal: AbortSignal, mayLeave: () => void) => Promise<unknown>) => act(signal, () => {}),
    save: async () => void saves++,
    write: () => {},
    note: () => {},
  } as unknown as PaymentTurn
  return { turn, saves: () => saves }
}

test('commits a new intent before the bank hears of it', async () => {
  const { turn, saves } = countingTurn()
  const acquirer = { authorize: async () => ({ state: 'done', bankRef: String(saves()) }) } as unknown as Acquirer
  assert.equal(await new Bank(acquirer).step(payment, { ...OPERATION, asked: 0 }, turn), {
    state: 'done',
    bankRef: '1',
  })
})

test('asks at once under an intent that stands, and everything goes with one commit', async () => {
  const { turn, saves } = countingTurn()
  const { acquirer, asked } = ignorantBank()
  await new Bank(acquirer).step(payment, { ...OPERATION, asked: 0 }, turn, true)
  assert.equal([asked, saves()], [['authorize'], 0])
})

test('commits what is known while a bank takes its time', async () => {
  const { turn, saves } = countingTurn()
  const answer = Promise.withResolvers<{ state: 'done'; bankRef: string }>()
  const acquirer = { authorize: () => answer.promise } as unknown as Acquirer
  turn.save = async () => answer.resolve({ state: 'done', bankRef: 'late' })
  const said = await new Bank(acquirer).step(payment, { ...OPERATION, asked: 0 }, turn, true)
  assert.equal([said, saves()], [{ state: 'done', bankRef: 'late' }, 0])
})

test.run()
