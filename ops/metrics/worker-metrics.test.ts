import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Acquirer } from '../../actors/acquirers/acquirer.ts'
import { WorkerMetrics } from './worker-metrics.ts'

const test = suite('what a worker measures')

test('a bank whose calls are timed is still asked whether it may be called just before it is', async () => {
  const asked: unknown[][] = []
  const listening = (...args: unknown[]) => {
    asked.push(args)
    return Promise.resolve({ state: 'done', bankRef: 'b1' })
  }
  const bank = { authorize: listening, capture: listening, void: listening, refund: listening, inquire: listening }
  const timed = new WorkerMetrics().timedBank(bank as unknown as Acquirer)
  const { signal } = new AbortController()
  const operation = { key: 'k', payment: 'pay_1', amount: 1, currency: 'INR', instrument: 'i' }
  const mayLeave = () => {}
  for (const name of ['authorize', 'capture', 'void', 'refund'] as const) await timed[name](operation, signal, mayLeave)
  await timed.inquire('k', signal, mayLeave)
  assert.is(asked.length, 5)
  for (const args of asked) assert.equal(args.slice(1), [signal, mayLeave])
})

test.run()
