import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { groupNumber, isCompleteNumber, judgeNumber, networkOf } from './card.ts'

const test = suite('card while it is typed')

const networks: [digits: string, name: string][] = [
  ['4', 'VISA'],
  ['51', 'Mastercard'],
  ['5', ''],
  ['222', ''],
  ['2221', 'Mastercard'],
  ['2720', 'Mastercard'],
  ['2721', ''],
  ['34', 'Amex'],
  ['37', 'Amex'],
  ['36', ''],
  ['60', 'RuPay'],
  ['65', 'RuPay'],
  ['81', 'RuPay'],
  ['80', ''],
  ['508', 'RuPay'],
  ['509', ''],
  ['', ''],
]
for (const [digits, name] of networks) {
  test(`${digits || 'nothing'} is of ${name || 'no network yet'}`, () => assert.is(networkOf(digits).name, name))
}

const groups: [digits: string, shown: string][] = [
  ['', ''],
  ['4111', '4111'],
  ['41111', '4111 1'],
  ['4111111111111111', '4111 1111 1111 1111'],
  ['378282246310005', '3782 822463 10005'],
  ['3782822463100059', '3782 822463 10005'],
  ['5555555555554444999', '5555 5555 5555 4444'],
]
for (const [digits, shown] of groups) {
  test(`${digits} is shown as "${shown}"`, () => assert.is(groupNumber(digits), shown))
}

const judgements: [digits: string, judged: 'short' | 'wrong' | 'right'][] = [
  ['411111111111', 'short'],
  ['4111111111111', 'short'],
  ['4222222222222', 'right'],
  ['4111111111111111', 'right'],
  ['4111111111111112', 'wrong'],
  ['378282246310005', 'right'],
  ['378282246310006', 'wrong'],
]
for (const [digits, judged] of judgements) {
  test(`${digits} is ${judged}`, () => assert.is(judgeNumber(digits), judged))
}

test('only a whole and right number hands over to the next field', () => {
  assert.ok(isCompleteNumber('4111111111111111'))
  assert.not(isCompleteNumber('4111111111111112'))
  assert.not(isCompleteNumber('4222222222222'), 'a Visa card of 13 digits may be one of 16 that is not finished')
  assert.not(isCompleteNumber('6304000000000000'), 'of an unknown network nobody knows the length')
})

test.run()
