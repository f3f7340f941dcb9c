import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { formatAmount, formatClock, formatMonth } from './format.ts'
import { en } from './words/en.ts'
import { hi } from './words/hi.ts'
import { wordsFor } from './words/index.ts'

const test = suite('what shoppers read')

const amounts: [amount: number, currency: string, shown: string][] = [
  [50_000, 'INR', '₹500.00'],
  [64_218_35000, 'INR', '₹6,42,18,350.00'],
  [500, 'JPY', '¥500'],
  [1_234, 'KWD', 'KWD 1.234'],
]
for (const [amount, currency, shown] of amounts) {
  test(`${amount} ${currency} reads ${shown}, in every language`, () => {
    for (const language of ['en', 'hi']) {
      assert.is(formatAmount(amount, currency, language).replace(/\s/g, ' ').replace('JP¥', '¥'), shown)
    }
  })
}

test('time that is left is minutes and seconds', () => {
  assert.equal([0, 9, 60, 272].map(formatClock), ['0:00', '0:09', '1:00', '4:32'])
})

test('a month is named in the language', () => {
  assert.is(formatMonth(10, 2026, 'en'), 'October 2026')
  assert.is(formatMonth(10, 2026, 'hi'), 'अक्टूबर 2026')
})

test('the language is the one that was asked for, else the browser’s, else English', () => {
  assert.is(wordsFor('hi', ['en-IN']), hi)
  assert.is(wordsFor('auto', ['ta-IN', 'hi-IN', 'en']), hi)
  assert.is(wordsFor(undefined, ['fr-FR']), en)
  assert.is(wordsFor('fr', ['hi']), en)
})

test.run()
