import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { isVpa } from './vpa.ts'

const test = suite('vpa')

const table: [vpa: string, valid: boolean][] = [
  ['test@upi', true],
  ['success.30s@sim', true],
  ['a_b-c.d@okbank1', true],
  ['A@B', true],
  ['', false],
  ['@upi', false],
  ['test@', false],
  ['test', false],
  ['te st@upi', false],
  ['test@u.pi', false],
  ['test@@upi', false],
  ['test@upi\n', false],
  ['täst@upi', false],
  [`${'a'.repeat(251)}@upi`, true],
  [`${'a'.repeat(252)}@upi`, false],
]

for (const [vpa, valid] of table) {
  test(`${JSON.stringify(vpa.slice(0, 20))} (${vpa.length}) is ${valid ? 'a' : 'no'} VPA`, () => {
    assert.is(isVpa(vpa), valid)
  })
}

test.run()
