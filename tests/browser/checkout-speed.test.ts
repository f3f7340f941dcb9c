/** How soon the shopper knows: what the gateway adds to the bank's own time, from the click on "Pay" to the merchant's onSuccess. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { PaymentGateway } from '../../sdk/loader/index.d.ts'
import { at, heard, openShop, pay, type Shop } from './support/shop.ts'

const test = suite('checkout speed')
const BANK_DELAY_MS = 100
const PAYMENTS = 50
const ADDED_AT_MOST_MS = 300
let shop: Shop

test.before(async () => {
  shop = await openShop({ bankDelayMs: BANK_DELAY_MS })
})
test.after(() => shop.close())

test(`from the click to onSuccess at most ${ADDED_AT_MOST_MS} ms more than the bank takes, p95 of ${PAYMENTS}`, async () => {
  const page = await shop.visit()
  const added: number[] = []
  for (let round = 0; round < PAYMENTS; round++) {
    const frame = await pay(page, { prefill: { vpa: 'success@sim' } })
    const clickedAt = await frame.locator(at('pay-button')).evaluate((button: HTMLButtonElement) => {
      button.click()
      return performance.timeOrigin + performance.now()
    })
    added.push((await heard(page, 'success')).at - clickedAt - BANK_DELAY_MS)
    await page.evaluate(() => (window as unknown as { gateway: PaymentGateway }).gateway.close())
  }
  added.sort((a, b) => a - b)
  const [p50, p95] = [0.5, 0.95].map((share) => Math.round(added[Math.ceil(PAYMENTS * share) - 1] as number)) as [
    number,
    number,
  ]
  console.log(`beyond the bank's ${BANK_DELAY_MS} ms: p50 ${p50} ms, p95 ${p95} ms`)
  assert.ok(p95 <= ADDED_AT_MOST_MS, `p95 is ${p95} ms`)
})

test.run()
