/**
 * Lighthouse over the dashboard, with the Chromium that npm brings: on a telephone over a slow line, as it pretends by itself, and on a
 * desk: every page, and its speed. Without AUDIT=true, when it is run by name, the door alone, and nothing that a busy machine could spoil.
 */
import lighthouse, { desktopConfig } from 'lighthouse'
import type { Browser } from 'playwright-core'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { dashboardBundle } from '../../dashboard/build.ts'
import { type RunningDashboard, startDashboard } from '../../dashboard/server/server.ts'
import { freePort } from '../../ops/embedded/port.ts'
import { bundleIfOld } from '../../web/bundle.ts'
import { openBrowser } from '../browser/support/chromium.ts'
import { TEST_KEY, TEST_SECRET } from '../contract/house.ts'
import { until } from '../contract/until.ts'
import { Fleet } from '../fleet/fleet.ts'

const test = suite('lighthouse')
const ALL = process.env.AUDIT === 'true'
/** Of a hundred. */
const WANTED = { performance: 95, accessibility: 100, 'best-practices': 100 }
type Category = keyof typeof WANTED
const CATEGORIES: Category[] = ALL
  ? ['performance', 'accessibility', 'best-practices']
  : ['accessibility', 'best-practices']

/** A page that looks anew every second never falls silent; then this long is enough. */
const LOAD_MS = ALL ? 2_000 : 1_000

let fleet: Fleet
let dashboard: RunningDashboard
let browser: Browser
let port: number
let payment: string
let delivery: string

test.before(async () => {
  await bundleIfOld(dashboardBundle, console.log)
  fleet = await Fleet.open({ workers: ALL ? 1 : 0, settings: { DEMO: 'true' } })
  dashboard = await startDashboard({
    host: 'localhost',
    port: 0,
    apiUrl: fleet.url,
    publicApiUrl: fleet.url,
    publicCheckoutUrl: 'http://localhost:1',
    demo: { apiKey: TEST_KEY, apiSecret: TEST_SECRET },
    logLevel: 'silent',
    version: '0.0.0-test',
  })
  port = await freePort()
  browser = await openBrowser({ debuggingPort: port })
  if (ALL) await furnish()
})

/** Something to see on every page. */
async function furnish(): Promise<void> {
  const { merchant } = fleet
  await merchant.sendWebhooksTo(`${fleet.url}/demo/webhooks`)
  for (const vpa of ['success.30s@sim', 'failure@sim', 'success.0s@sim'])
    payment = (await merchant.pay({ vpa })).body.id
  await until(async () => {
    const { data } = (await merchant.call('GET', '/api/v1/webhooks?status=success')).body
    delivery = data[0]?.id
    return delivery !== undefined && (await merchant.payment(payment)).status === 'success'
  })
}
test.after(async () => {
  await browser?.close()
  await dashboard?.close()
  await fleet?.close()
})

type Place = [name: string, path: () => string]
const DOOR: Place = ['login', () => '/login']
const EVERY_PAGE: Place[] = [
  ['overview', () => '/dashboard'],
  ['transactions', () => '/dashboard/transactions'],
  ['payment', () => `/dashboard/transactions/${payment}`],
  ['webhooks', () => '/dashboard/webhooks'],
  ['webhook', () => `/dashboard/webhooks/${delivery}`],
  ['actors', () => '/dashboard/actors'],
  ['actor', () => `/dashboard/actors/${payment}`],
  ['jobs', () => '/dashboard/jobs'],
  ['logs', () => '/dashboard/logs'],
  ['chaos', () => '/dashboard/chaos'],
  ['store', () => '/dashboard/store'],
  ['docs', () => '/dashboard/docs'],
  ['settings', () => '/dashboard/settings'],
]
const PAGES = [DOOR, ...(ALL ? EVERY_PAGE : [])]

for (const [name, path] of PAGES) {
  for (const device of ALL ? (['telephone', 'desk'] as const) : (['telephone'] as const)) {
    test(`${name} on a ${device}: ${CATEGORIES.map((category) => `${category} ${WANTED[category]}`).join(', ')}`, async () => {
      const result = await lighthouse(
        `${dashboard.url}${path()}`,
        { port, onlyCategories: CATEGORIES, logLevel: 'silent', maxWaitForLoad: LOAD_MS },
        device === 'desk' ? desktopConfig : undefined,
      )
      if (!result) throw new Error('Lighthouse said nothing')
      const { categories, audits, runtimeError } = result.lhr
      assert.is(runtimeError, undefined)
      const points = (category: Category) => Math.round(100 * (categories[category]?.score ?? 0))
      console.log(`${name}, ${device}: ${CATEGORIES.map((category) => `${category} ${points(category)}`).join(', ')}`)
      for (const category of CATEGORIES) {
        const missed = (categories[category]?.auditRefs ?? [])
          .filter(({ id, weight }) => weight > 0 && (audits[id]?.score ?? 1) < 0.9)
          .map(({ id }) => `${id}: ${audits[id]?.displayValue ?? audits[id]?.title}`)
        assert.ok(points(category) >= WANTED[category], `${category} ${points(category)}: ${missed.join('; ')}`)
      }
    })
  }
}

test.run()
