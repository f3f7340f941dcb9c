/** Leaving the checkout, at every step and by every door: the page is as it was, and onClose has come once. */
import type { Page } from 'playwright-core'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { PaymentGateway } from '../../sdk/loader/index.d.ts'
import { at, heard, openShop, pay, type Shop, told } from './support/shop.ts'

const test = suite('closing the checkout')
let shop: Shop

test.before(async () => {
  shop = await openShop({ bankDelayMs: 600 })
})
test.after(() => shop.close())

const CROSS = at('close-modal-button')

async function isGone(page: Page, reason: string): Promise<void> {
  assert.is((await heard(page, 'close')).data, reason)
  assert.is(await page.locator(at('payment-modal')).count(), 0)
  assert.is(await page.evaluate(() => getComputedStyle(document.documentElement).overflow), 'visible')
  assert.is((await told(page)).filter(({ what }) => what === 'close').length, 1)
}

test('before anything was paid the cross closes at once, and the focus is back on the button', async () => {
  const page = await shop.visit()
  await page.locator('#buy').focus()
  const frame = await pay(page)
  await frame.locator(at('vpa-input')).waitFor()
  assert.is(await page.evaluate(() => getComputedStyle(document.documentElement).overflow), 'hidden')
  await page.locator(CROSS).click()
  await isGone(page, 'dismissed')
  assert.is(await page.evaluate(() => document.activeElement?.id), 'buy')
})

test('Escape closes from inside the frame and from outside', async () => {
  const page = await shop.visit()
  const frame = await pay(page)
  await frame.locator(at('vpa-input')).focus()
  await page.keyboard.press('Escape')
  await isGone(page, 'dismissed')

  const again = await pay(page)
  await again.locator(at('vpa-input')).waitFor()
  await page.locator(CROSS).focus()
  await page.keyboard.press('Escape')
  await isGone(page, 'dismissed')
})

test('while the page still loads it closes too', async () => {
  const page = await shop.visit()
  await page.route('**/checkout?*', () => {})
  await pay(page)
  await page.locator(CROSS).click()
  await isGone(page, 'dismissed')
})

test('while the bank decides the shopper is asked, may stay, and may leave; the payment goes on', async () => {
  const page = await shop.visit()
  const orderId = await shop.newOrder()
  const frame = await pay(page, { orderId })
  await frame.locator(at('vpa-input')).fill('success.30s@sim')
  await frame.locator(at('pay-button')).click()
  await frame.locator(at('processing-state')).waitFor()
  await page.locator(CROSS).click()
  await frame.locator(at('confirm-close')).waitFor()
  assert.is(await frame.locator(':focus').getAttribute('data-test-id'), 'confirm-stay')
  await page.keyboard.press('Escape')
  await frame.locator(at('confirm-close')).waitFor({ state: 'detached' })
  await page.keyboard.press('Escape')
  await frame.locator(at('confirm-leave')).click()
  await isGone(page, 'pending')
  const [payment] = (await shop.house.call('GET', `/api/v1/payments?order_id=${orderId}`)).body.data
  assert.is(payment.status, 'pending', 'nobody has called it off')
})

test('a code on show is asked about before it is left', async () => {
  const page = await shop.visit()
  // Long enough under the camera for this test.
  await page.route('**/payments/*/stream', () => {})
  const frame = await pay(page, { orderId: await shop.newOrder() })
  await frame.locator(at('show-qr-button')).click()
  await frame.locator(at('upi-qr')).waitFor()
  await page.locator(CROSS).click()
  await frame.locator(at('confirm-leave')).click()
  await isGone(page, 'pending')
})

test('after a failure and after a success it closes without a question', async () => {
  const page = await shop.visit()
  const failed = await pay(page)
  await failed.locator(at('vpa-input')).fill('failure@sim')
  await failed.locator(at('pay-button')).click()
  await failed.locator(at('retry-button')).waitFor()
  await page.locator(CROSS).click()
  await isGone(page, 'failed')

  const paid = await pay(page)
  await paid.locator(at('vpa-input')).fill('success@sim')
  await paid.locator(at('pay-button')).click()
  await paid.locator(at('success-state')).waitFor()
  await page.locator(CROSS).click()
  await isGone(page, 'success')
})

test("the page's own close() does not ask", async () => {
  const page = await shop.visit()
  const frame = await pay(page)
  await frame.locator(at('vpa-input')).fill('success.30s@sim')
  await frame.locator(at('pay-button')).click()
  await frame.locator(at('processing-state')).waitFor()
  await page.evaluate(() => (window as unknown as { gateway: PaymentGateway }).gateway.close())
  await isGone(page, 'closed')
})

test('it can be opened again and again, and one takes the place of another', async () => {
  const page = await shop.visit()
  await pay(page)
  const frame = await pay(page)
  await frame.locator(at('vpa-input')).waitFor()
  assert.is(await page.locator(at('payment-modal')).count(), 1)
  assert.is(await page.evaluate(() => document.adoptedStyleSheets.length), 1)
})

test('missing options throw', async () => {
  const page = await shop.visit()
  const problem = (options: object) =>
    page.evaluate((given) => {
      try {
        new window.PaymentGateway(given as never)
        return null
      } catch (error) {
        return (error as Error).message
      }
    }, options)
  assert.is(await problem({ orderId: 'ORDER_123' }), 'PaymentGateway: key is missing')
  assert.is(await problem({ key: 'key_test_abc123' }), 'PaymentGateway: orderId is missing')
})

test.run()
