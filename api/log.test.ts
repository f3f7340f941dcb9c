import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { safePath, serializeError } from './log.ts'

const test = suite('log')

const paths: [url: string, path: string][] = [
  ['/api/v1/payments?q=4242424242424242', '/api/v1/payments'],
  ['/api/v1/payments/pay_a1b2c3d4e5f6g7h8', '/api/v1/payments/pay_a1b2c3d4e5f6g7h8'],
  ['/api/v1/payments/4242424242424242', '/api/v1/payments/[digits]'],
  ['/x/4242-4242-4242-4242/y', '/x/[digits]/y'],
  ['/x/4242%204242%204242%204242', '/x/[digits]'],
  ['/api/v1/orders/ord_2026_0001', '/api/v1/orders/ord_2026_0001'],
]
for (const [url, path] of paths) {
  test(`${url} is logged as ${path}`, () => assert.is(safePath(url), path))
}

test('an error is told with its causes, and without what a driver hangs on it', () => {
  const driver = Object.assign(new Error('violates check constraint'), {
    code: '23514',
    detail: 'Failing row contains (secret)',
  })
  const told = serializeError(new Error('could not insert', { cause: driver }))
  assert.is(told.message, 'could not insert')
  assert.equal([told.cause?.message, told.cause?.code], ['violates check constraint', '23514'])
  assert.not(JSON.stringify(told).includes('secret'))
})

test('an error that causes itself has an end', () => {
  const error = new Error('again')
  error.cause = error
  assert.ok(JSON.stringify(serializeError(error)).length < 10_000)
})

test.run()
