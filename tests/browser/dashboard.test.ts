/** The dashboard as the README walks through it, and as its keys and filters promise. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { freePort } from '../../ops/embedded/port.ts'
import { buildCheckout } from '../../sdk/build.ts'
import { type RunningCheckout, startCheckout } from '../../sdk/server.ts'
import { type House, openHouse, TEST_KEY } from '../contract/house.ts'
import { until } from '../contract/until.ts'
import { at, type Board, openBoard } from './support/board.ts'

const test = suite('dashboard')

let house: House
let checkout: RunningCheckout
let board: Board

test.before(async () => {
  await buildCheckout(console.log)
  const checkoutPort = await freePort()
  const publicCheckoutUrl = `http://localhost:${checkoutPort}`
  house = await openHouse({ worker: true, demo: true, bankDelayMs: 300, publicCheckoutUrl })
  const shared = {
    host: 'localhost',
    apiUrl: house.url,
    publicApiUrl: house.url,
    publicCheckoutUrl,
    logLevel: 'silent',
  }
  checkout = await startCheckout({ ...shared, port: checkoutPort, demo: { apiKey: TEST_KEY } })
  board = await openBoard({ apiUrl: house.url, publicCheckoutUrl, demo: true })
  await house.call('PUT', '/api/v1/webhooks/config', { body: { webhook_url: `${house.url}/demo/webhooks` } })
})
test.after.each(() => board.leave())
test.after(async () => {
  await board?.close()
  await checkout?.close()
  await house?.close()
})

async function pay(vpa = 'success.0s@sim', order = 'ord_test_001'): Promise<string> {
  const body = { order_id: order, amount: 50_000, method: 'upi', vpa }
  return (await house.call('POST', '/api/v1/payments', { body })).body.id
}

const statusOf = async (id: string) => (await house.call('GET', `/api/v1/payments/${id}`)).body.status

async function paid(): Promise<string> {
  const id = await pay()
  await until(async () => (await statusOf(id)) === 'success')
  return id
}

test('the README’s walk: green workers, the store, a payment by UPI, the alert, the webhook, and a retry', async () => {
  const page = await board.visit('/')
  await page.getByText('worker is running').waitFor()
  await page.locator('[data-test-id=worker-status][data-state=running]').first().waitFor()

  await page.getByRole('link', { name: 'Demo Store', exact: true }).click()
  await page.getByRole('button', { name: 'Buy Now' }).click()
  const frame = page.frameLocator(at('payment-iframe'))
  assert.is(await frame.locator(at('vpa-input')).inputValue(), 'success@sim')
  await frame.locator(at('pay-button')).click()
  const alert = page.getByRole('alert').filter({ hasText: 'Payment successful: ₹500.00 paid.' })
  await alert.waitFor({ timeout: 20_000 })

  await page.getByRole('link', { name: 'Webhooks', exact: true }).click()
  const row = page
    .locator(`${at('webhook-log-item')}[data-webhook-id]`)
    .filter({ hasText: 'payment.success' })
    .first()
  await row.locator('[data-test-id=webhook-status][data-state=success]').waitFor()
  await row.locator(at('retry-webhook-button')).click()
  await page.getByText('1 delivery on the way again.').waitFor()
  assert.equal(board.complaints(), [])
})

const CONTRACT: Record<string, string[]> = {
  '/login': ['login-form', 'email-input', 'password-input', 'login-button'],
  '/dashboard': [
    'dashboard',
    'api-credentials',
    'api-key',
    'stats-container',
    'total-transactions',
    'total-amount',
    'success-rate',
  ],
  '/dashboard/transactions': [
    ...['transactions-table', 'transaction-row', 'payment-id', 'order-id', 'amount', 'method', 'status', 'created-at'],
  ],
  '/dashboard/webhooks': [
    ...['webhook-config', 'webhook-config-form', 'webhook-url-input', 'webhook-secret', 'regenerate-secret-button'],
    ...[
      'save-webhook-button',
      'test-webhook-button',
      'webhook-logs-table',
      'webhook-log-item',
      'webhook-event',
      'webhook-status',
    ],
    ...['webhook-attempts', 'webhook-last-attempt', 'webhook-response-code', 'retry-webhook-button'],
  ],
  '/dashboard/docs': [
    ...['api-docs', 'section-create-order', 'code-snippet-create-order', 'section-sdk-integration', 'code-snippet-sdk'],
    ...['section-webhook-verification', 'code-snippet-webhook'],
  ],
}
for (const [path, ids] of Object.entries(CONTRACT)) {
  test(`every test id of the contract stands on ${path}`, async () => {
    const id = await paid()
    const page = await board.visit(path)
    for (const testId of ids) await page.locator(at(testId)).first().waitFor()
    if (path.endsWith('transactions')) await page.locator(`[data-payment-id=${id}]`).waitFor()
    assert.equal(board.complaints(), [])
  })
}

test('the navigation leads everywhere that the contract says', async () => {
  const page = await board.visit('/dashboard')
  for (const name of ['Demo Store', 'Webhooks', 'Docs', 'Logs', 'Jobs', 'Actors']) {
    assert.is(await page.getByRole('link', { name, exact: true }).count(), 1, name)
  }
})

test('a payment’s row and page change while one looks, without a reload', async () => {
  // Long enough for two pages to load on a busy machine while it is still pending.
  const id = await pay('success.10s@sim')
  const [page, detail] = await Promise.all([
    board.visit('/dashboard/transactions'),
    board.visit(`/dashboard/transactions/${id}`),
  ])
  const row = page.locator(`[data-payment-id=${id}]`)
  const pending = '[data-test-id=status][data-state=pending]'
  await Promise.all([row.locator(pending).waitFor(), detail.locator(pending).waitFor()])
  const success = '[data-test-id=status][data-state=success]'
  await row.locator(success).waitFor({ timeout: 20_000 })
  await detail.locator(success).waitFor({ timeout: 20_000 })
  await detail.getByText('event payment.success').first().waitFor()
})

test('a new payment waits in a pill, and nothing moves until it is asked for', async () => {
  await paid()
  const page = await board.visit('/dashboard/transactions')
  await page.locator('.live-dot[data-state=running]').waitFor()
  const first = page.locator(at('transaction-row')).first()
  const before = await first.getAttribute('data-payment-id')
  const id = await pay()
  const pill = page.getByRole('button', { name: /new$/ })
  await pill.waitFor()
  assert.is(await first.getAttribute('data-payment-id'), before)
  await pill.click()
  await page.locator(`[data-payment-id=${id}]`).waitFor()
  assert.is(await first.getAttribute('data-payment-id'), id)
})

test('paused, nothing changes; resumed, it catches up', async () => {
  const page = await board.visit('/dashboard')
  await page.locator('.live-dot[data-state=running]').waitFor()
  await page.keyboard.press('p')
  await page.getByText('Paused').waitFor()
  const id = await paid()
  assert.is(await page.getByText(id).count(), 0)
  await page.keyboard.press('p')
  await page.locator('.live-dot[data-state=running]').waitFor()
})

test('filters stand in the address, and Back takes them back', async () => {
  const order = `order_of_${Date.now()}`
  const id = await pay('success.0s@sim', order)
  const page = await board.visit('/dashboard/transactions')
  await page.getByRole('searchbox').fill(order)
  await page.waitForURL(`**/transactions?q=${order}`)
  await until(async () => (await page.locator(at('transaction-row')).count()) === 1)
  assert.is(await page.locator(at('transaction-row')).getAttribute('data-payment-id'), id)
  await page.getByLabel('Method').selectOption('card')
  await page.getByText('Nothing fits these filters').first().waitFor()
  await page.goBack()
  await page.locator(`[data-payment-id=${id}]`).waitFor()
  assert.match(page.url(), `q=${order}`)
  assert.not.match(page.url(), 'method=')
})

test('j and k move, Enter opens, g leads on, and the palette finds any id', async () => {
  const id = await paid()
  const page = await board.visit('/dashboard/transactions')
  await page.locator(`[data-payment-id=${id}]`).waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await page.keyboard.press('k')
  const focused = await page.evaluate(() => document.activeElement?.textContent?.trim())
  await page.keyboard.press('Enter')
  await page.waitForURL(`**/transactions/${focused}`)
  await page.keyboard.press('g')
  await page.keyboard.press('w')
  await page.waitForURL('**/dashboard/webhooks')
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').fill(id)
  const found = page.getByRole('option').filter({ hasText: 'payment, ₹500.00' })
  await found.waitFor()
  await page.keyboard.press('Enter')
  await page.waitForURL(`**/${id}`)
  assert.is(await page.locator('dialog[open]').count(), 0)
  const order = (await house.call('POST', '/api/v1/orders', { body: { amount: 777 } })).body.id
  for (const [text, words] of [
    [order, 'order, ₹7.77, nobody has paid yet'],
    ['req_of_some_log', 'request, in the logs'],
    ['pay_of_nobody', 'Nothing goes by that name.'],
  ]) {
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox').fill(String(text))
    await page.getByRole('listbox').getByText(String(words)).waitFor()
    await page.keyboard.press('Escape')
  }
})

test('capture, refund and cancel ask first, say the sum, and do it once', async () => {
  const id = await paid()
  const page = await board.visit(`/dashboard/transactions/${id}`)
  await page.getByRole('button', { name: 'Capture…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Amount').fill('600')
  await dialog.getByText('That is more than there is').waitFor()
  await dialog.getByLabel('Amount').fill('400')
  await dialog.getByRole('button', { name: 'Capture ₹400.00' }).dblclick()
  await page.getByText('₹400.00 captured.').first().waitFor()
  await page.getByRole('button', { name: 'Refund…' }).click()
  await dialog.getByLabel('Amount').fill('150')
  await dialog.getByRole('button', { name: 'Refund ₹150.00' }).click()
  await page.getByText('₹150.00 of ₹400.00 refunded.').waitFor()
  const { body } = await house.call('GET', `/api/v1/payments/${id}`)
  assert.equal([body.amount_captured, body.amount_refunded], [40_000, 15_000])

  const other = await paid()
  await page.goto(`${board.dashboard.url}/dashboard/transactions/${other}`)
  await page.getByRole('button', { name: 'Cancel…' }).waitFor()
  await page.keyboard.press('v')
  await dialog.getByRole('button', { name: 'Keep as it is' }).click()
  assert.is((await house.call('GET', `/api/v1/payments/${other}`)).body.canceled, false)
  await page.getByRole('button', { name: 'Cancel…' }).click()
  await dialog.getByRole('button', { name: 'Cancel the payment' }).click()
  await page.getByText('released, and nothing taken').waitFor()
})

test('the timeline says what caused what, and raw JSON stands behind it', async () => {
  const id = await paid()
  const page = await board.visit(`/dashboard/transactions/${id}`)
  await page.getByText('event payment.success').first().click()
  await page.getByRole('heading', { name: 'Selected' }).waitFor()
  await page.keyboard.press('[')
  await page
    .locator('.wf-row[aria-current]')
    .filter({ hasText: /message (process|inquire)/ })
    .waitFor()
  await page.keyboard.press('i')
  const drawer = page.getByRole('dialog', { name: 'JSON' })
  assert.match(await drawer.locator('pre').innerText(), `"id": "${id}"`)
  await page.keyboard.press('Escape')
})

test('printed, a payment’s page is a receipt: whose it is, the sums, and what happened; no navigation, no buttons', async () => {
  const id = await paid()
  const page = await board.visit(`/dashboard/transactions/${id}`)
  await page.getByRole('heading', { name: 'Timeline' }).waitFor()
  await page.emulateMedia({ media: 'print' })
  for (const hidden of ['.rail', '.bar', '.acts']) assert.not(await page.locator(hidden).first().isVisible(), hidden)
  for (const words of ['Test Merchant', 'Receipt of a payment in test mode', 'authorized', 'Timeline']) {
    await page.getByText(words).filter({ visible: true }).first().waitFor()
  }
})

test('bulk: 500 failed deliveries are sent again with one click, and arrive', async () => {
  const count = 500
  await house.database.run(
    {
      name: '',
      text: `with e as (insert into events (id, merchant_id, sequence, type, payload, created_at)
          select 'evt_' || lpad(n::text, 16, 'x'), m.id, 0, 'webhook.test', '{"event":"webhook.test","timestamp":1,"data":{}}', now()
          from merchants m, generate_series(1, $1) n where m.email = 'test@example.com' returning id, merchant_id, created_at)
        insert into webhook_deliveries (id, merchant_id, endpoint_id, event_id, event_at, type, sequence, status, attempts)
        select gen_random_uuid(), e.merchant_id, w.id, e.id, e.created_at, 'webhook.test', 0, 'failed', 5
        from e join webhook_endpoints w on w.merchant_id = e.merchant_id`,
    },
    [count],
  )
  const page = await board.visit('/dashboard/webhooks?status=failed')
  await page.getByRole('button', { name: `Retry all ${count} failed` }).click()
  await page.getByText(`${count} of ${count} sent again`).waitFor({ timeout: 30_000 })
  await until(async () => (await house.call('GET', '/api/v1/webhooks?status=failed&limit=1')).body.total === 0)
})

test('several selected deliveries are sent again together', async () => {
  const page = await board.visit('/dashboard/webhooks')
  const boxes = page.locator(at('webhook-log-item')).getByRole('checkbox')
  await boxes.nth(0).check()
  await boxes.nth(1).check()
  await page.getByRole('button', { name: 'Retry 2' }).click()
  await page.getByText('2 deliveries on the way again.').waitFor()
})

test('a range is replayed: what an endpoint never got goes to it now', async () => {
  const id = await paid()
  const body = { url: `${house.url}/demo/webhooks?late`, events: ['payment.success'] }
  const late = (await house.call('POST', '/api/v1/webhook_endpoints', { body })).body
  const page = await board.visit('/dashboard/webhooks')
  await page.getByRole('button', { name: 'Send again…' }).click()
  await page.getByLabel('What', { exact: true }).selectOption('missing')
  await page.getByLabel('Where to').selectOption(late.id)
  await page.getByRole('button', { name: 'Send again', exact: true }).click()
  await page.getByText('The replay has begun.').waitFor()
  await until(async () => {
    const { data } = (await house.call('GET', `/api/v1/webhooks?payment_id=${id}`)).body
    return data.some(
      (row: { endpoint_id: string; attempts: number }) => row.endpoint_id === late.id && row.attempts > 0,
    )
  })
  await house.call('DELETE', `/api/v1/webhook_endpoints/${late.id}`)
})

test('an endpoint is changed in its dialog, and what one left alone stays', async () => {
  const body = { url: `${house.url}/demo/webhooks?slow`, retry_intervals: [7, 11] }
  const { id } = (await house.call('POST', '/api/v1/webhook_endpoints', { body })).body
  const page = await board.visit('/dashboard/webhooks')
  await page.getByRole('button', { name: body.url }).click()
  await page.getByLabel('What it is for').fill('the till')
  await page.getByLabel('Calls a second at most').fill('5')
  await page.getByRole('button', { name: 'Save' }).last().click()
  await page.getByText('Changed.').waitFor()
  const endpoint = (await house.call('GET', `/api/v1/webhook_endpoints/${id}`)).body
  assert.equal([endpoint.description, endpoint.rate_limit, endpoint.retry_intervals], ['the till', 5, [7, 11]])
  await house.call('DELETE', `/api/v1/webhook_endpoints/${id}`)
})

test('the webhook URL is refused in words, saved, tested, and its secret changed', async () => {
  const page = await board.visit('/dashboard/webhooks')
  const url = page.locator(at('webhook-url-input'))
  await url.fill('not a url')
  await page.locator(at('save-webhook-button')).click()
  await page.getByText('webhook_url must be an http or https URL').waitFor()
  await url.fill(`${house.url}/demo/webhooks`)
  await page.locator(at('save-webhook-button')).click()
  await page.getByText('Saved.').waitFor()
  await page.locator(at('test-webhook-button')).click()
  await page.getByText('webhook.test is on its way.').waitFor()
  const before = await page.locator(at('webhook-secret')).innerText()
  await page.locator(at('regenerate-secret-button')).click()
  await page.getByRole('button', { name: 'Make a new one' }).click()
  await page.getByText('A new secret signs.').waitFor()
  assert.is.not(await page.locator(at('webhook-secret')).innerText(), before)
})

test('a wrong signature is explained on the delivery’s page', async () => {
  await paid()
  const page = await board.visit('/dashboard/webhooks?status=success')
  await page.locator(at('webhook-event')).first().click()
  await page.getByLabel('The signature your code computed').fill('00'.repeat(32))
  await page.getByRole('button', { name: 'Compare' }).click()
  await page.getByText('It is not ours.').waitFor()
})

test.run()
