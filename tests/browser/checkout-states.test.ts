/**
 * Every state of the checkout for everybody: axe finds nothing, in light and in dark; nothing scrolls sideways on a small phone or
 * at 200 % zoom; and the keyboard alone is enough. With SCREENSHOTS=<folder> each state is also painted there, to be looked at.
 */
import { join } from 'node:path'
import type { Frame, Page } from 'playwright-core'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { painted, scrollsSideways, violations } from './support/look.ts'
import { at, heard, openShop, pay, type Shop } from './support/shop.ts'
import { STATES, type State } from './support/states.ts'

const test = suite('checkout states')
/** The frame in a modal; a small phone; and what 1280 x 800 leaves at 200 %. */
const MODAL = { width: 420, height: 656 }
const PHONE = { width: 360, height: 640 }
const ZOOMED = { width: 640, height: 400 }
const HIDDEN_ON_PHONES = ['qr']
let shop: Shop

test.before(async () => {
  shop = await openShop({ bankDelayMs: 1_000 })
})
test.after(() => shop.close())

async function reach(state: State, locale: string): Promise<Page> {
  const page = await shop.browser.newPage({ viewport: MODAL, reducedMotion: 'reduce' })
  page.setDefaultTimeout(10_000)
  const query = `order_id=${await shop.newOrder()}&key=key_test_abc123&locale=${locale}`
  await page.goto(`${shop.checkout.url}/checkout?${query}`)
  await page.locator(at('pay-button')).waitFor()
  await state.reach(page)
  await page.locator(state.shows).first().waitFor()
  return page
}

for (const [index, state] of STATES.entries()) {
  const locale = index % 2 === 0 ? 'en' : 'hi'
  test(`${state.name}, ${locale}: axe finds nothing, light and dark, and it fits a phone and 200 %`, async () => {
    const page = await reach(state, locale)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await painted(page)
      assert.equal(await violations(page), [], colorScheme)
      if (process.env.SCREENSHOTS)
        await page.screenshot({ path: join(process.env.SCREENSHOTS, `${state.name}-${colorScheme}.png`) })
    }
    for (const size of [PHONE, ZOOMED]) {
      if (size === PHONE && HIDDEN_ON_PHONES.includes(state.name)) continue
      await page.setViewportSize(size)
      assert.not(await scrollsSideways(page), `it scrolls sideways at ${size.width} x ${size.height}`)
    }
    await page.close()
  })
}

test('the modal on a phone: axe finds nothing on the page or in the frame, also while it asks', async () => {
  const page = await shop.visit('/', { viewport: PHONE, reducedMotion: 'reduce' })
  const frame = await pay(page)
  await frame.locator(at('vpa-input')).fill('success.30s@sim')
  await frame.locator(at('pay-button')).click()
  await frame.locator(at('processing-state')).waitFor()
  await page.locator(at('close-modal-button')).click()
  await frame.locator(at('confirm-close')).waitFor()
  const inner =
    page.frames().find(({ parentFrame }) => parentFrame !== null && page.frames().length > 1) && page.frames()[1]
  assert.equal(await violations(inner as Frame), [])
  // The shop's own page is not ours to judge; the dialog is.
  const outer = await violations(page)
  assert.equal(
    outer.filter((line) => /pg-|payment-gateway/.test(line)),
    [],
  )
  assert.not(await scrollsSideways(page))
})

test('the demo store and the docs: axe finds nothing, and they fit a phone', async () => {
  for (const path of ['/demo', '/docs']) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await shop.browser.newPage({ colorScheme })
      await page.goto(shop.checkout.url + path)
      assert.equal(await violations(page), [], `${path} ${colorScheme}`)
      await page.setViewportSize(PHONE)
      assert.not(await scrollsSideways(page), `${path} scrolls sideways`)
      await page.close()
    }
  }
})

test('a whole payment by keyboard alone: from the button through the arrows to the receipt and back', async () => {
  const page = await shop.visit()
  await page.locator('#buy').focus()
  const frame = await pay(page, { orderId: await shop.newOrder() })
  await frame.locator(at('vpa-input')).waitFor()
  const focused = () => frame.locator(':focus').getAttribute('data-test-id')
  await page.keyboard.press('Tab')
  assert.is(await focused(), 'method-upi')
  await page.keyboard.press('ArrowRight')
  assert.is(await focused(), 'method-card')
  await page.keyboard.press('Tab')
  assert.is(await focused(), 'card-number-input')
  await page.keyboard.type('37828224631000512281234')
  await page.keyboard.type('Asha Rao')
  assert.is(await frame.locator(at('card-number-input')).inputValue(), '3782 822463 10005')
  assert.is(await frame.locator(at('cvv-input')).inputValue(), '1234')
  await page.keyboard.press('Tab')
  assert.is(await focused(), 'pay-button')
  await page.keyboard.press('Enter')
  await frame.locator(at('processing-state')).waitFor()
  await heard(page, 'success')
  assert.is(await focused(), 'success-message')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  assert.is((await heard(page, 'close')).data, 'success')
  assert.is(await page.evaluate(() => document.activeElement?.id), 'buy')
})

test.run()
