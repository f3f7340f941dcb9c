import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { expiryDigits, groupExpiry, judgeExpiry } from './expiry.ts'

const test = suite('expiry while it is typed')

const typed: [text: string, shown: string][] = [
  ['1', '1'],
  ['12', '12 / '],
  ['12 / 2', '12 / 2'],
  ['12/28', '12 / 28'],
  ['1/28', '01 / 28'],
  ['5', '05 / '],
  ['528', '05 / 28'],
  ['12/2028', '12 / 28'],
  ['122028', '12 / 28'],
  ['12 / 202', '12 / 2'],
  ['', ''],
]
for (const [text, shown] of typed) {
  test(`"${text}" reads "${shown}"`, () => assert.is(groupExpiry(expiryDigits(text)), shown))
}

test('a card is good through the last moment of its month', () => {
  assert.is(judgeExpiry('0228', new Date('2028-02-29T23:59:59Z')), 'right')
  assert.is(judgeExpiry('0228', new Date('2028-03-01T00:00:00Z')), 'past')
})

test('a month that does not exist is told at once, a date that is not whole is not', () => {
  const now = new Date('2026-11-23T00:00:00Z')
  assert.is(judgeExpiry('13', now), 'month')
  assert.is(judgeExpiry('00', now), 'month')
  assert.is(judgeExpiry('1', now), 'short')
  assert.is(judgeExpiry('122', now), 'short')
})

test.run()
