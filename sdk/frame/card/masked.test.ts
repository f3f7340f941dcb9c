import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { groupNumber } from './card.ts'
import { expiryDigits, groupExpiry } from './expiry.ts'
import { reformat } from './masked.ts'

const test = suite('masked input')
const read = (text: string) => text.replace(/\D/g, '')

/** `|` is the caret, in what stands there after the key was pressed and in what is shown then. */
const numbers: [name: string, before: string, typed: string, shown: string][] = [
  ['a digit at the end', '4111', '41112|', '4111 2|'],
  ['a digit in the middle stays under the caret', '4111 1111', '4911|1 1111', '4911| 1111 1'],
  ['a digit deleted in the middle', '4111 2222', '411| 2222', '411|2 222'],
  ['backspace over a space takes the digit before it', '4111 2', '4111|2', '411|2'],
  ['backspace at the start changes nothing', '4111', '|4111', '|4111'],
  ['pasted with dashes', '', '4111-1111-1111-1111|', '4111 1111 1111 1111|'],
]
for (const [name, before, typed, shown] of numbers) {
  test(name, () => {
    const { value, caret } = reformat(before, typed.replace('|', ''), typed.indexOf('|'), read, groupNumber)
    assert.is(`${value.slice(0, caret)}|${value.slice(caret)}`, shown)
  })
}

test('the slash of an expiry goes with the digit before it', () => {
  const after = reformat('12 / ', '12 /', 4, expiryDigits, groupExpiry)
  assert.equal(after, { value: '1', caret: 1 })
})

test.run()
