/**
 * Every page of the dashboard over real processes: axe finds nothing in either theme, nothing scrolls sideways on a small phone, the policy
 * refuses nothing of ours; and the chaos corner, where a worker killed by its button ends nobody's payment. With SCREENSHOTS=<folder>
 * each page is also painted there, to be looked at.
 */
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { until } from '../contract/until.ts'
import { Fleet } from '../fleet/fleet.ts'
import { at, type Board, openBoard } from './support/board.ts'
import { painted, paleColours, scrollsSideways, violations } from './support/look.ts'

const test = suite('dashboard pages')
const DESK = { width: 1280, height: 800 }
const PHONE = { width: 360, height: 740 }

let fleet: Fleet
let board: Board
/** A payment with a life worth looking at, and a delivery that failed once. */
let payment: string
let delivery: string

test.before(async () => {
  fleet = await Fleet.open({ workers: 2, settings: { DEMO: 'true', LOG_LEVEL: 'info', TEST_PROCESSING_DELAY: '1500' } })
  board = await openBoard({ apiUrl: fleet.url, demo: true })
  const { merchant } = fleet
  await merchant.call('PUT', '/api/v1/webhooks/config', { body: { webhook_url: `${fleet.url}/demo/webhooks` } })
  await merchant.call('POST', '/api/v1/webhook_endpoints', {
    // Near enough that whoever has lost Redis looks for it at once, and too far to come while one looks.
    body: { url: 'http://127.0.0.1:9/', retry_intervals: [300] },
  })
  payment = await pay('success.0s@sim')
  for (const vpa of ['failure@sim', 'success.30s@sim', 'timeout.success.30s@sim']) await pay(vpa)
  await settled(payment)
  await merchant.call('POST', `/api/v1/payments/${payment}/capture`, { body: { amount: 40_000 } })
  await merchant.call('POST', `/api/v1/payments/${payment}/refunds`, { body: { amount: 15_000, reason: 'late' } })
  await until(async () => {
    const { data } = (await merchant.call('GET', '/api/v1/webhooks?limit=100')).body
    delivery = data.find(({ endpoint_url: url, attempts }: Row) => url.endsWith(':9/') && attempts === 1)?.id
    return delivery !== undefined
  })
})
test.after.each(() => board.leave())
test.after(async () => {
  await board?.close()
  await fleet?.close()
})

type Row = { endpoint_url: string; attempts: number }

async function pay(vpa: string): Promise<string> {
  const body = { order_id: 'ord_test_001', method: 'upi', vpa }
  return (await fleet.merchant.call('POST', '/api/v1/payments', { body })).body.id
}

async function settled(id: string): Promise<void> {
  await until(async () => (await fleet.merchant.call('GET', `/api/v1/payments/${id}`)).body.status === 'success')
}

/** Where each page is, and what is there once it has its data. */
const PAGES: [name: string, path: () => string, shows: string][] = [
  ['overview', () => '/dashboard', at('worker-row')],
  ['transactions', () => '/dashboard/transactions', at('transaction-row')],
  ['transactions-none', () => '/dashboard/transactions?method=card', '.empty'],
  ['payment', () => `/dashboard/transactions/${payment}`, '.wf-tree'],
  ['webhooks', () => '/dashboard/webhooks', at('webhook-log-item')],
  ['webhook', () => `/dashboard/webhooks/${delivery}`, '.wire'],
  ['actors', () => '/dashboard/actors', at('worker-row')],
  ['actor', () => `/dashboard/actors/${payment}`, '.places'],
  ['jobs', () => '/dashboard/jobs', '.tbl tbody tr'],
  ['logs', () => '/dashboard/logs', '.logs li'],
  ['chaos', () => '/dashboard/chaos', at('invariant')],
  ['store', () => '/dashboard/store', '.product'],
  ['docs', () => '/dashboard/docs', at('code-snippet-webhook')],
  ['settings', () => '/dashboard/settings', '.tbl tbody tr'],
  ['missing', () => '/dashboard/nowhere', '.empty'],
  ['login', () => '/login', at('login-form')],
]

for (const [name, path, shows] of PAGES) {
  test(`${name}: axe finds nothing, light and dark, it fits a phone, and nothing complains`, async () => {
    const page = await board.visit(path())
    await page.locator(shows).first().waitFor()
    for (const size of [DESK, PHONE]) {
      await page.setViewportSize(size)
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        await painted(page)
        const found = colorScheme === 'light' ? await violations(page) : await paleColours(page)
        assert.equal(found, [], `${colorScheme}, ${size.width}`)
        await paint(page, `${name}-${size.width}-${colorScheme}`)
      }
      assert.not(await scrollsSideways(page), `it scrolls sideways at ${size.width}`)
    }
    assert.equal(board.complaints(), [])
  })
}

const OVERLAYS: [name: string, path: () => string, open: (page: Page) => Promise<unknown>][] = [
  ['palette', () => '/dashboard', (page) => page.keyboard.press('Control+k')],
  ['keys', () => '/dashboard', (page) => page.keyboard.press('?')],
  [
    'refund',
    () => `/dashboard/transactions/${payment}`,
    (page) => page.getByRole('button', { name: 'Refund…' }).click(),
  ],
  ['json', () => `/dashboard/transactions/${payment}`, (page) => page.getByRole('button', { name: 'JSON' }).click()],
  ['endpoint', () => '/dashboard/webhooks', (page) => page.getByRole('button', { name: 'Add endpoint' }).click()],
  ['replay', () => '/dashboard/webhooks', (page) => page.getByRole('button', { name: 'Send again…' }).click()],
  ['new-key', () => '/dashboard/settings', (page) => page.getByRole('button', { name: 'New key' }).click()],
]
for (const [name, path, open] of OVERLAYS) {
  test(`${name}, on top of its page: axe finds nothing, and Escape gives the focus back`, async () => {
    const page = await board.visit(path())
    await page.locator('.answer').waitFor()
    await open(page)
    await page.locator('dialog[open]').waitFor()
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await painted(page)
      assert.equal(colorScheme === 'light' ? await violations(page) : await paleColours(page), [], colorScheme)
      await paint(page, `${name}-1280-${colorScheme}`, false)
    }
    await page.setViewportSize(PHONE)
    await paint(page, `${name}-360-dark`, false)
    assert.not(await scrollsSideways(page))
    const cut = await page.locator('dialog[open]').evaluate((dialog) => dialog.scrollWidth - dialog.clientWidth)
    assert.is(cut, 0, 'the dialog is wider than the phone')
    await page.keyboard.press('Escape')
    await page
      .locator('dialog[open]')
      .waitFor({ state: 'detached' })
      .catch(() => undefined)
    assert.is(await page.locator('dialog[open]').count(), 0)
  })
}

async function paint(page: Page, name: string, fullPage = true): Promise<void> {
  if (process.env.SCREENSHOTS) await page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}.png`), fullPage })
}

test('on a phone the rail opens as a popover, and leads on', async () => {
  const page = await board.visit('/dashboard', { viewport: PHONE })
  await page.getByRole('button', { name: 'Menu' }).click()
  await page.getByRole('link', { name: 'Docs', exact: true }).click()
  await page.waitForURL('**/dashboard/docs')
  assert.not(await page.getByRole('link', { name: 'Docs', exact: true }).isVisible())
})

test('the chosen theme is there with the first paint of the next page', async () => {
  const page = await board.visit('/dashboard', {})
  await page.locator('.answer').waitFor()
  await page.keyboard.press('t')
  await page.keyboard.press('t')
  await page.goto(`${board.dashboard.url}/dashboard/docs`)
  assert.is(await page.locator('html').getAttribute('data-theme'), 'dark')
})

test('a worker killed by its button: the payment it had ends, and the page tells both', async () => {
  const page = await board.visit('/dashboard/chaos')
  await page.locator(at('invariant')).first().waitFor()
  const kill = page.getByRole('button', { name: /^Kill / }).first()
  const worker = ((await kill.getAttribute('aria-label')) ?? '').slice('Kill '.length)
  const id = await pay('success.1s@sim')
  await kill.click()
  await page.locator(`[data-worker="${worker}"]`).locator('[data-state=stopped]').first().waitFor()
  await settled(id)
  const story = page.locator(at('story')).first()
  await story.getByText('its lease ended').waitFor()
  await story.getByText(/all move at 1 worker/).waitFor()
  await fleet.startWorker()
  await story.getByText('another worker has taken its place').waitFor()
  await story.getByText('all promises hold').waitFor()
  assert.match(await page.locator(at('invariants-verdict')).innerText(), 'All 8 hold')
})

test('Redis flushed by its button: all is found again, and every promise holds', async () => {
  const page = await board.visit('/dashboard/chaos')
  await page.locator(at('invariant')).first().waitFor()
  const id = await pay('success.1s@sim')
  await page.getByRole('button', { name: 'FLUSH', exact: true }).click()
  await page.locator(at('story')).first().getByText('all promises hold').waitFor({ timeout: 30_000 })
  await settled(id)
})

test.run()
