import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { checkoutOrigins, frameAncestors, isAllowed, isLoopback } from './origins.ts'

const test = suite('checkout origins')

const table: [origin: string, loopback: boolean][] = [
  ['http://localhost', true],
  ['http://localhost:8080', true],
  ['https://localhost:8443', true],
  ['http://shop.localhost:8080', true],
  ['http://127.0.0.1:3001', true],
  ['http://127.9.9.9', true],
  ['http://[::1]:3001', true],
  ['http://localhost.example.com', false],
  ['http://127.0.0.1.example.com', false],
  ['http://example.com', false],
  ['http://localhost/path', false],
  ['null', false],
  ['', false],
]
for (const [origin, loopback] of table) {
  test(`${JSON.stringify(origin)} is ${loopback ? '' : 'not '}an origin of this machine`, () => {
    assert.is(isLoopback(origin), loopback)
  })
}

test('a test merchant’s pages may be any on this machine, a live merchant’s only those that it named', () => {
  const named = ['https://shop.example.com']
  assert.ok(isAllowed('http://localhost:8080', { test: true, allowedOrigins: [] }))
  assert.not(isAllowed('http://localhost:8080', { test: false, allowedOrigins: named }))
  assert.ok(isAllowed('https://shop.example.com', { test: false, allowedOrigins: named }))
  assert.not(isAllowed('https://shop.example.com:8443', { test: false, allowedOrigins: named }))
  assert.equal(frameAncestors({ test: false, allowedOrigins: named }), named)
})

test('the checkout of this machine is one under both of its names', () => {
  assert.equal(checkoutOrigins('http://localhost:3001'), ['http://localhost:3001', 'http://127.0.0.1:3001'])
  assert.equal(checkoutOrigins('https://pay.example.com/x'), ['https://pay.example.com'])
})

test.run()
