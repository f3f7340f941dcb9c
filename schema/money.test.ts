import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { isAmount, isCurrency, isPart, MAX_AMOUNT } from './money.ts'

const money = suite('money')

money('an amount is a whole number of smallest units, from 100', () => {
  for (const right of [100, 50_000, MAX_AMOUNT]) assert.ok(isAmount(right), `${right}`)
  for (const wrong of [
    99,
    0,
    -100,
    100.5,
    MAX_AMOUNT + 1,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    '500',
    null,
    undefined,
  ]) {
    assert.not(isAmount(wrong), `${wrong}`)
  }
})

money('a capture or a refund may be as small as 1', () => {
  assert.ok(isPart(1))
  assert.not(isPart(0))
  assert.not(isPart(0.5))
})

money('currencies are the active codes of ISO 4217, in capitals', () => {
  for (const code of ['INR', 'USD', 'EUR', 'JPY', 'KWD']) assert.ok(isCurrency(code), code)
  for (const code of ['inr', 'XXX', 'XAU', 'DEM', 'RUPEES', '']) assert.not(isCurrency(code), code)
})

money.run()
