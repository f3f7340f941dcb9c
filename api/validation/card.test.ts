import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { cardDigits, cardNetwork, hasExpired, isCardNumber, isCvv, readExpiry, readExpiryText } from './card.ts'

const test = suite('card')

const numbers: [number: string, valid: boolean][] = [
  ['4242424242424242', true],
  ['4242 4242 4242 4242', true],
  ['4242-4242-4242-4242', true],
  ['4242424242424241', false],
  ['4000000000000002', true],
  ['378282246310005', true],
  ['4222222222222', true],
  ['424242424242', false],
  ['42424242424242424242', false],
  ['4242.4242.4242.4242', false],
  ['', false],
]
for (const [number, valid] of numbers) {
  test(`${number} is ${valid ? 'a' : 'no'} card number`, () => {
    assert.is(isCardNumber(cardDigits(number)), valid)
  })
}

const networks: [digits: string, network: string][] = [
  ['4111111111111111', 'visa'],
  ['5105105105105100', 'mastercard'],
  ['5555555555554444', 'mastercard'],
  ['5000000000000000', 'unknown'],
  ['5600000000000000', 'unknown'],
  ['2220990000000000', 'unknown'],
  ['2221000000000009', 'mastercard'],
  ['2720990000000000', 'mastercard'],
  ['2721000000000000', 'unknown'],
  ['341111111111111', 'amex'],
  ['371111111111111', 'amex'],
  ['361111111111111', 'unknown'],
  ['6011000000000000', 'rupay'],
  ['6521000000000000', 'rupay'],
  ['8000000000000000', 'unknown'],
  ['8100000000000000', 'rupay'],
  ['8999000000000000', 'rupay'],
  ['5080000000000000', 'rupay'],
  ['5090000000000000', 'unknown'],
]
for (const [digits, network] of networks) {
  test(`${digits.slice(0, 6)} is of ${network}`, () => {
    assert.is(cardNetwork(digits), network)
  })
}

const expiries: [month: string | number, year: string | number, read: { month: number; year: number } | null][] = [
  [12, 2028, { month: 12, year: 2028 }],
  ['12', '28', { month: 12, year: 2028 }],
  ['01', 28, { month: 1, year: 2028 }],
  ['1', '2028', { month: 1, year: 2028 }],
  [0, 28, null],
  [13, 28, null],
  ['x', 28, null],
  [12, 128, null],
  ['1.5', 28, null],
  ['', '', null],
]
for (const [month, year, read] of expiries) {
  test(`month ${month} of ${year} is ${read ? 'read' : 'refused'}`, () => {
    assert.equal(readExpiry(month, year), read)
  })
}

test('a flat expiry is MM/YY or MM/YYYY', () => {
  assert.equal(readExpiryText('12/28'), { month: 12, year: 2028 })
  assert.equal(readExpiryText(' 1 / 2028 '), { month: 1, year: 2028 })
  for (const text of ['1228', '12/28/1', '12-28', '/28', '13/28']) assert.is(readExpiryText(text), null)
})

test('a card is good through the last moment of its month', () => {
  const february = { month: 2, year: 2028 }
  assert.not(hasExpired(february, Date.parse('2028-02-29T23:59:59.999Z')))
  assert.ok(hasExpired(february, Date.parse('2028-03-01T00:00:00.000Z')))
  const december = { month: 12, year: 2027 }
  assert.not(hasExpired(december, Date.parse('2027-12-31T23:59:59.999Z')))
  assert.ok(hasExpired(december, Date.parse('2028-01-01T00:00:00.000Z')))
})

test('a CVV is three or four digits', () => {
  for (const cvv of ['123', '1234']) assert.ok(isCvv(cvv))
  for (const cvv of ['12', '12345', '12a', '']) assert.not(isCvv(cvv))
})

test.run()
