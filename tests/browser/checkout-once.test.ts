/** Paying once, whatever happens: two clicks, two tabs, an old page, an answer that is lost, an API that goes away. */
import type { Page, Route } from 'playwright-core'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { CheckoutTokens, TOKEN_LIFE_MS } from '../../api/checkout/token.ts'
import { Vault } from '../../schema/secrets.ts'
import { at, heard, openShop, pay, type Shop, textOf } from './support/shop.ts'

const test = suite('paying once')
let shop: Shop

test.before(async () => {
  shop = await openShop({ bankDelayMs: 600 })
})
test.after(() => shop.close())

async function paymentsOf(orderId: string): Promise<{ status: string }[]> {
  return (await shop.house.call('GET', `/api/v1/payments?order_id=${orderId}`)).body.data
}

async function payByUpi(page: Page, orderId: string, vpa = 'success@sim') {
  const frame = await pay(page, { orderId })
  await frame.locator(at('vpa-input')).fill(vpa)
  await frame.locator(at('pay-button')).click()
  return frame
}

test('a double click pays once', async () => {
  const page = await shop.visit()
  const orderId = await shop.newOrder()
  const frame = await pay(page, { orderId })
  await frame.locator(at('vpa-input')).fill('success@sim')
  await frame.locator(at('pay-button')).evaluate((button: HTMLButtonElement) => {
    button.click()
    button.click()
  })
  await heard(page, 'success')
  assert.is((await paymentsOf(orderId)).length, 1)
})

test('of two tabs that pay at once one pays, and the other is told', async () => {
  const orderId = await shop.newOrder()
  const tabs = await Promise.all([shop.visit(), shop.visit()])
  const frames = await Promise.all(tabs.map((tab) => pay(tab, { orderId })))
  await Promise.all(frames.map((frame) => frame.locator(at('vpa-input')).fill('success@sim')))
  await Promise.all(frames.map((frame) => frame.locator(at('pay-button')).click()))
  const ends = await Promise.race(tabs.map((tab, index) => heard(tab, 'failure').then(({ data }) => ({ data, index }))))
  assert.is(ends.data.code, 'CONFLICT_ERROR')
  assert.is(ends.data.description, 'Order already paid')
  await heard(tabs[1 - ends.index] as Page, 'success')
  assert.equal(await paymentsOf(orderId).then((all) => all.map(({ status }) => status)), ['success'])
  // Trying again there, after all, finds the order paid.
  await (frames[ends.index] as (typeof frames)[0]).locator(at('retry-button')).click()
  await (frames[ends.index] as (typeof frames)[0]).locator(at('pay-button')).click()
  await (frames[ends.index] as (typeof frames)[0]).locator('[data-stop=paid]').waitFor()
})

test('an order that is paid says so at once, and offers no form', async () => {
  const orderId = await shop.newOrder()
  const page = await shop.visit()
  await payByUpi(page, orderId, 'success.0s@sim')
  await heard(page, 'close')
  const frame = await pay(page, { orderId })
  assert.match(await textOf(frame, '[data-stop=paid]'), /Already paid/)
  assert.is((await heard(page, 'failure')).data.code, 'CONFLICT_ERROR')
  assert.is(await frame.locator(at('pay-button')).count(), 0)
})

test('an expired token is renewed without a word, and what was typed is paid', async () => {
  const page = await shop.visit()
  const orderId = await shop.newOrder()
  const old = async (route: Route) => {
    const response = await route.fetch()
    await route.fulfill({ response, json: { ...(await response.json()), ...expiredToken(orderId) } })
  }
  await page.route('**/checkout/sessions', old, { times: 1 })
  await payByUpi(page, orderId)
  await heard(page, 'success')
})

/** A token as the API would have given it out long ago: the same key, the same seal. */
function expiredToken(orderId: string) {
  const vault = new Vault(Buffer.alloc(32, 7))
  const merchant = { id: '550e8400-e29b-41d4-a716-446655440000', tenant: '1', test: true, name: 'Test Merchant' }
  const claims = { merchant: { ...merchant, idempotencyMismatch: 'conflict' as const }, orderId, once: true }
  return new CheckoutTokens(vault).issue(
    { ...claims, origin: new URL(shop.checkout.url).origin },
    Date.now() - TOKEN_LIFE_MS,
  )
}

test('where no new token is to be had the shopper starts again', async () => {
  const page = await shop.visit()
  const orderId = await shop.newOrder()
  const frame = await pay(page, { orderId })
  await frame.locator(at('vpa-input')).fill('success@sim')
  await page.route('**/api/v1/checkout/*', (route) =>
    route.request().method() === 'OPTIONS'
      ? route.continue()
      : route.fulfill({
          status: 401,
          headers: { 'access-control-allow-origin': '*' },
          json: { error: { code: 'AUTHENTICATION_ERROR', description: 'expired' } },
        }),
  )
  await frame.locator(at('pay-button')).click()
  await frame.locator('[data-stop=expired]').waitFor()
  await page.unroute('**/api/v1/checkout/*')
  await frame.locator(at('retry-button')).click()
  assert.is(await frame.locator(at('vpa-input')).inputValue(), 'success@sim')
  await frame.locator(at('pay-button')).click()
  await heard(page, 'success')
})

test('the API may go away while the bank decides, and come back: the shopper sees it end', async () => {
  const page = await shop.visit()
  const frame = await payByUpi(page, await shop.newOrder(), 'success.3s@sim')
  await frame.locator('.ring small').waitFor()
  await shop.line.cut()
  try {
    await frame.getByText('No connection. The payment goes on; looking again.').waitFor()
  } finally {
    await shop.line.mend()
  }
  await heard(page, 'success')
})

test('the API may go away while a payment is being sent: it is sent again, and made once', async () => {
  const page = await shop.visit()
  const orderId = await shop.newOrder()
  const frame = await pay(page, { orderId })
  await frame.locator(at('vpa-input')).fill('success@sim')
  // The request arrives; the answer is lost.
  let lost = 0
  await page.route('**/checkout/payments', async (route) => {
    if (route.request().method() !== 'POST' || lost++ > 0) return route.continue()
    await route.fetch()
    await route.abort()
  })
  await frame.locator(at('pay-button')).click()
  await frame.getByText('you cannot be charged twice').waitFor()
  await heard(page, 'success')
  assert.is((await paymentsOf(orderId)).length, 1)
})

test.run()
