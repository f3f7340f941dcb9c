/** Paying through the checkout, as a shopper does it and as the merchant's page hears of it. */
import { createHmac } from 'node:crypto'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { at, heard, openShop, pay, type Shop, textOf, told } from './support/shop.ts'

const test = suite('checkout')
const WEBHOOK_SECRET = 'whsec_test_abc123'
const BANK_DELAY_MS = 700
let shop: Shop

test.before(async () => {
  shop = await openShop({ bankDelayMs: BANK_DELAY_MS })
})
test.after(() => shop.close())

test('the snippet works as it is printed, with UPI ID and ORDER_123', async () => {
  const page = await shop.visit()
  const frame = await pay(page)
  assert.is(await frame.locator(at('order-amount')).textContent(), '₹500.00')
  assert.is(await frame.locator(at('order-id')).textContent(), 'ORDER_123')
  assert.is(await page.locator(`#payment-gateway-modal${at('payment-modal')}`).count(), 1)
  for (const part of ['checkout-container', 'order-summary', 'payment-methods', 'method-upi', 'upi-form']) {
    assert.is(await frame.locator(at(part)).count(), 1, part)
  }
  await frame.locator(at('vpa-input')).fill('test@upi')
  await frame.locator(at('pay-button')).click()
  assert.is(await frame.locator(at('processing-message')).textContent(), 'Waiting for your bank')
  const { data } = await heard(page, 'success')
  assert.is(data.orderId, 'ORDER_123')
  assert.is(await frame.locator(at('payment-id')).textContent(), data.paymentId)
  assert.is((await heard(page, 'close')).data, 'success')
  assert.is(await page.locator(at('payment-modal')).count(), 0, 'the modal has closed by itself')
})

test('the signature is what the merchant computes with the webhook secret', async () => {
  const page = await shop.visit()
  const frame = await pay(page, { prefill: { vpa: 'success@sim' } })
  await frame.locator(at('pay-button')).click()
  const { paymentId, orderId, signature } = (await heard(page, 'success')).data
  assert.is(signature, createHmac('sha256', WEBHOOK_SECRET).update(`${orderId}|${paymentId}`).digest('hex'))
})

test('a QR code is shown when it is asked for, and paid when the bank says so', async () => {
  const page = await shop.visit()
  const orderId = await shop.newOrder()
  const frame = await pay(page, { orderId })
  assert.is(await shop.house.count(`payments where order_id = '${orderId}'`), 0, 'looking costs nothing')
  await frame.locator(at('show-qr-button')).click()
  await frame.locator(at('upi-qr')).waitFor()
  const { data } = await heard(page, 'success')
  const { body } = await shop.house.call('GET', `/api/v1/payments/${data.paymentId}`)
  assert.is(body.vpa, 'payer@sim', 'the bank has named the payer')
})

test('a code on show gives way to another instrument, and is not charged', async () => {
  const page = await shop.visit()
  const orderId = await shop.newOrder()
  const frame = await pay(page, { orderId })
  await frame.locator(at('show-qr-button')).click()
  await frame.locator(at('upi-qr')).waitFor()
  await frame.locator(at('vpa-input')).fill('success@sim')
  await frame.locator(at('pay-button')).click()
  await heard(page, 'success')
  const { body } = await shop.house.call('GET', `/api/v1/payments?order_id=${orderId}`)
  assert.equal(body.data.map(({ status }: { status: string }) => status).sort(), ['failed', 'success'])
})

test('a card is paid with its digits grouped as they are typed, and its network shown', async () => {
  const page = await shop.visit()
  const frame = await pay(page)
  await frame.locator(at('method-card')).click()
  // One stream of digits: a complete field hands over to the next.
  await frame.locator(at('card-number-input')).focus()
  await page.keyboard.type('41111111111111111228123Asha Rao')
  assert.is(await frame.locator(at('card-number-input')).inputValue(), '4111 1111 1111 1111')
  assert.is(await frame.locator(at('expiry-input')).inputValue(), '12 / 28')
  assert.is(await frame.locator(at('cvv-input')).inputValue(), '123')
  assert.is(await frame.locator(at('cardholder-name-input')).inputValue(), 'Asha Rao')
  assert.is(await frame.locator('.net').textContent(), 'VISA')
  await frame.locator(at('pay-button')).click()
  const { data } = await heard(page, 'success')
  const { body } = await shop.house.call('GET', `/api/v1/payments/${data.paymentId}`)
  assert.is(`${body.card_network} ${body.card_last4}`, 'visa 1111')
})

test('after a failure the shopper tries again in place, and nothing that was typed is lost', async () => {
  const page = await shop.visit()
  const orderId = await shop.newOrder()
  const frame = await pay(page, { orderId })
  await frame.locator(at('vpa-input')).fill('insufficient_funds@sim')
  await frame.locator(at('pay-button')).click()
  await frame.locator(at('error-state')).waitFor()
  assert.match(await textOf(frame, at('error-message')), /too little money\. Nothing was taken\./)
  const { code, description, paymentId } = (await heard(page, 'failure')).data
  assert.is(code, 'PAYMENT_FAILED')
  assert.is(description, 'Insufficient funds')
  await frame.locator(at('retry-button')).click()
  assert.is(await frame.locator(at('vpa-input')).inputValue(), 'insufficient_funds@sim')
  await frame.locator(at('vpa-input')).fill('success@sim')
  await frame.locator(at('pay-button')).click()
  assert.is.not((await heard(page, 'success')).data.paymentId, paymentId)
})

test('wrong fields are told under the field, and the first of them gets the focus', async () => {
  const page = await shop.visit()
  const frame = await pay(page)
  await frame.locator(at('method-card')).click()
  await frame.locator(at('card-number-input')).pressSequentially('4111111111111112')
  await frame.locator(at('expiry-input')).pressSequentially('1020')
  await frame.locator(at('cvv-input')).pressSequentially('12')
  await frame.locator(at('pay-button')).click()
  assert.match(await textOf(frame, '#number-note'), /A digit is wrong/)
  assert.match(await textOf(frame, '#expiry-note'), /expired in October 2020/)
  assert.match(await textOf(frame, '#cvv-note'), /Three digits/)
  assert.is(await frame.locator(at('card-number-input')).getAttribute('aria-describedby'), 'number-note')
  assert.is(await frame.locator(':focus').getAttribute('id'), 'number')
  assert.equal(await told(page), [])
})

test('onSuccess waits for the bank, and never comes when the bank declines', async () => {
  const page = await shop.visit()
  const slow = await pay(page)
  await slow.locator(at('vpa-input')).fill('success.3s@sim')
  await slow.locator(at('pay-button')).click()
  const acceptedAt = Date.now()
  await slow.locator(at('processing-state')).waitFor()
  const { at: successAt } = await heard(page, 'success')
  assert.ok(
    successAt - acceptedAt >= 2_900,
    `onSuccess came ${successAt - acceptedAt} ms after a payment that takes 3 s`,
  )
  await page.evaluate(() => (window as unknown as { gateway: { close(): void } }).gateway.close())

  const declined = await pay(page)
  await declined.locator(at('method-card')).click()
  await declined.locator(at('card-number-input')).fill('4000000000000002')
  await declined.locator(at('expiry-input')).fill('12/28')
  await declined.locator(at('cvv-input')).fill('123')
  await declined.locator(at('pay-button')).click()
  await heard(page, 'failure')
  assert.equal(
    (await told(page)).map(({ what }) => what),
    ['failure'],
  )
})

test('the checkout speaks Hindi when it is asked to', async () => {
  const page = await shop.visit()
  const frame = await pay(page, { locale: 'hi' })
  assert.is(await frame.locator(at('pay-button')).textContent(), '₹500.00 का भुगतान करें')
  assert.is(await frame.locator('html').getAttribute('lang'), 'hi')
})

test('a colour that can be read becomes the button, one that cannot is left out', async () => {
  const page = await shop.visit()
  const press = async (color: string) => {
    const frame = await pay(page, { theme: { color, mode: 'light' } })
    return frame.locator(at('pay-button')).evaluate((button) => getComputedStyle(button).backgroundColor)
  }
  assert.is(await press('#0b6e4f'), 'rgb(11, 110, 79)')
  assert.is(await press('#fefefe'), 'rgb(35, 69, 184)')
})

test('a page of its own pays without a key, and goes back to the shop with the proof', async () => {
  const page = await shop.visit()
  const back = `${shop.origin}/thanks?cart=7`
  await page.goto(`${shop.checkout.url}/checkout?order_id=ORDER_123&return_url=${encodeURIComponent(back)}`)
  await page.locator(at('vpa-input')).fill('success@sim')
  await page.locator(at('pay-button')).click()
  await page.locator(at('success-state')).waitFor()
  await page.getByRole('button', { name: 'Back to Test Merchant' }).click()
  await page.waitForURL((url) => url.pathname === '/thanks')
  const { searchParams } = new URL(page.url())
  assert.is(searchParams.get('cart'), '7')
  assert.is(searchParams.get('status'), 'success')
  const signed = `ORDER_123|${searchParams.get('payment_id')}`
  assert.is(searchParams.get('signature'), createHmac('sha256', WEBHOOK_SECRET).update(signed).digest('hex'))
})

test('the demo store sells, and says so', async () => {
  const page = await shop.visit()
  await page.goto(`${shop.checkout.url}/demo`)
  await page.locator(at('buy-button')).click()
  const frame = page.frameLocator(at('payment-iframe'))
  assert.is(await frame.locator(at('vpa-input')).inputValue(), 'success@sim')
  await frame.locator(at('pay-button')).click()
  assert.match(await textOf(page, at('success-alert')), /^Paid\. Thank you!/)
})

test.run()
