import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { AddressRanges, parseAddressRanges } from './address-ranges.ts'

const test = suite('address ranges')

test('a setting of ranges holds their addresses and no others', () => {
  const ranges = parseAddressRanges(' 127.0.0.0/8, ::1/128,172.16.0.0/12 ,')
  for (const inside of ['127.0.0.1', '127.255.255.255', '::1', '172.31.255.255']) assert.ok(ranges.has(inside), inside)
  for (const outside of ['128.0.0.1', '::2', '172.32.0.0', '8.8.8.8', '::ffff:127.0.0.1', 'localhost', '']) {
    assert.not(ranges.has(outside), outside)
  }
})

test('an empty setting opens nothing', () => {
  assert.not(parseAddressRanges('').has('127.0.0.1'))
  assert.not(parseAddressRanges(' , ').has('::1'))
})

test('a range of one family says nothing about the other', () => {
  assert.not(new AddressRanges(['::/0']).has('8.8.8.8'))
  assert.not(new AddressRanges(['0.0.0.0/0']).has('2606:4700::1'))
})

test('whatever is no range is refused by its name', () => {
  const wrong = [
    '10.0.0.1',
    '10.0.0.0/33',
    '::/129',
    '10/8',
    'fe80::%eth0/64',
    '10.0.0.0/8/8',
    '10.0.0.0/',
    '10.0.0.0/-1',
    'x/8',
  ]
  for (const entry of wrong) {
    assert.throws(
      () => parseAddressRanges(`127.0.0.0/8,${entry}`),
      (error: unknown) => error instanceof RangeError && error.message.startsWith(`"${entry}" is not an address range`),
      entry,
    )
  }
})

test.run()
