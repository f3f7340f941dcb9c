/** Strangers: pages that may not show the checkout, windows that lie to it, hosts that it never speaks to. */
import { setTimeout as sleep } from 'node:timers/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { at, heard, openShop, pay, type Shop, told } from './support/shop.ts'

const test = suite('checkout and strangers')
const CARD = '4242424242424242'
let shop: Shop

test.before(async () => {
  shop = await openShop({ bankDelayMs: 300 })
})
test.after(() => shop.close())

test('it works on a page with a strict nonce policy and trusted types, which reports nothing', async () => {
  const page = await shop.visit('/nonce')
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  const frame = await pay(page, { prefill: { vpa: 'success.0s@sim' } })
  await frame.locator(at('pay-button')).click()
  await heard(page, 'success')
  const style = await page.locator(at('payment-modal')).evaluate((modal) => getComputedStyle(modal).borderRadius)
  assert.is(style, '12px', 'its style has been adopted')
  assert.equal(complaints, [])
})

test('a page of a foreign origin can not show it', async () => {
  const page = await shop.visit('/', { origin: shop.foreignOrigin })
  const refused = page.waitForEvent('console', (message) => message.text().includes('frame-ancestors'))
  await pay(page)
  await refused
  assert.is(
    page.frames().some((frame) => frame.url().startsWith(shop.checkout.url)),
    false,
  )
})

test('a page of a foreign origin can not open a session', async () => {
  const page = await shop.visit('/', { origin: shop.foreignOrigin })
  const asked = await page.evaluate(async (api) => {
    const body = JSON.stringify({ key: 'key_test_abc123', order_id: 'ORDER_123' })
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(`${api}/api/v1/checkout/sessions`, { method: 'POST', headers, body }).catch(() => null)
    return answer?.status ?? 'refused'
  }, shop.line.url)
  assert.is(asked, 'refused')
})

test('messages from a foreign window, or from the page itself, are ignored', async () => {
  const page = await shop.visit()
  const frame = await pay(page)
  await frame.locator(at('vpa-input')).waitFor()
  const lie = {
    type: 'payment_success',
    data: { paymentId: 'pay_0000000000000000', orderId: 'ORDER_123', signature: '' },
  }
  await page.evaluate((message) => {
    postMessage(message, '*')
    const stranger = document.createElement('iframe')
    document.body.append(stranger)
    stranger.srcdoc = `<script>parent.postMessage(${JSON.stringify(message)}, '*'); parent.postMessage({type: 'close_modal'}, '*')</script>`
    return new Promise((resolve) => stranger.addEventListener('load', resolve))
  }, lie)
  // And towards the frame: a window that is not its parent asks it to close.
  await page.evaluate(() => {
    const stranger = document.createElement('iframe')
    document.body.append(stranger)
    const script = stranger.contentDocument?.createElement('script')
    if (!script) return
    script.textContent = `parent.frames[0].postMessage({type: 'close_requested'}, '*')`
    stranger.contentDocument?.body.append(script)
  })
  await sleep(300)
  assert.equal(await told(page), [])
  assert.is(await page.locator(at('payment-modal')).count(), 1)
})

test('a page may not answer for the shopper: the frame tells nobody but its own merchant', async () => {
  const page = await shop.visit()
  // Framed by an allowed page that claims to be another: what is told goes to the other, which is not there.
  const heardNothing = await page.evaluate(async (checkout) => {
    const messages: unknown[] = []
    addEventListener('message', ({ data }) => messages.push(data))
    const frame = document.createElement('iframe')
    const fragment = encodeURIComponent(JSON.stringify({ origin: 'https://elsewhere.example' }))
    frame.src = `${checkout}/checkout?order_id=ORDER_123&key=key_test_abc123&embedded=true#${fragment}`
    document.body.append(frame)
    await new Promise((resolve) => frame.addEventListener('load', resolve))
    await new Promise((resolve) => setTimeout(resolve, 300))
    return messages.length === 0
  }, shop.checkout.url)
  assert.ok(heardNothing)
})

test('nothing is asked of any host but the checkout and the API, and the card goes to the API alone', async () => {
  const page = await shop.visit()
  const requests: { url: string; body: string }[] = []
  page.on('request', (request) => requests.push({ url: request.url(), body: request.postData() ?? '' }))
  const frame = await pay(page)
  await frame.locator(at('method-card')).click()
  await frame.locator(at('card-number-input')).fill(CARD)
  await frame.locator(at('expiry-input')).fill('12/28')
  await frame.locator(at('cvv-input')).fill('123')
  await frame.locator(at('pay-button')).click()
  await heard(page, 'success')
  const hosts = new Set(requests.map(({ url }) => new URL(url).origin))
  hosts.delete('null')
  assert.equal([...hosts].sort(), [shop.line.url, shop.checkout.url].sort())
  const carrying = requests.filter(({ url, body }) => url.includes(CARD) || body.includes(CARD))
  assert.equal(
    carrying.map(({ url }) => url),
    [`${shop.line.url}/api/v1/checkout/payments`],
  )
  const kept = await frame
    .locator('body')
    .evaluate(() => [localStorage.length, sessionStorage.length, document.cookie.length])
  assert.equal(kept, [0, 0, 0], 'the token is in memory only')
})

test('the npm package brings checkout.js to the page, once', async () => {
  const page = await shop.visit()
  const seen = await page.evaluate(async (origin) => {
    const path = '/loader.js'
    const { loadCheckout } = (await import(path)) as typeof import('../../sdk/loader/index.d.ts')
    const [one, other] = await Promise.all([loadCheckout({ origin }), loadCheckout({ origin })])
    const missing = await loadCheckout({ origin: 'http://localhost:1' }).catch((error: Error) => error.message)
    return {
      same: one === other && one === window.PaymentGateway,
      missing,
      scripts: document.head.querySelectorAll('script').length,
    }
  }, shop.checkout.url)
  assert.ok(seen.same)
  assert.is(seen.scripts, 1)
  assert.match(seen.missing as unknown as string, /did not load/)
})

test.run()
