/**
 * The dashboard over some gateway, for a browser to look at: its real server with its real policy. Whatever the page complains about -
 * a refused script, an exception, a call that failed - is kept, so that a test can ask for silence.
 */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { dashboardBundle } from '../../../dashboard/build.ts'
import { type DashboardOptions, type RunningDashboard, startDashboard } from '../../../dashboard/server/server.ts'
import { bundleIfOld } from '../../../web/bundle.ts'
import { TEST_KEY, TEST_SECRET } from '../../contract/house.ts'
import { openBrowser } from './chromium.ts'

export interface Board {
  browser: Browser
  dashboard: RunningDashboard
  /** A new tab at `path`. With `options` it has cookies and a cache of its own. */
  visit(path: string, options?: BrowserContextOptions): Promise<Page>
  /** What the tabs complained about since the last time somebody asked. */
  complaints(): string[]
  /** Closes every tab, and forgets who was signed in elsewhere. */
  leave(): Promise<void>
  close(): Promise<void>
}

export interface BoardOptions extends Pick<DashboardOptions, 'apiUrl'> {
  publicCheckoutUrl?: string
  /** Opens signed in as the test merchant. */
  demo: boolean
}

const PATIENCE_MS = 10_000

export async function openBoard({
  apiUrl,
  publicCheckoutUrl = 'http://localhost:1',
  demo,
}: BoardOptions): Promise<Board> {
  await bundleIfOld(dashboardBundle, console.log)
  const dashboard = await startDashboard({
    host: 'localhost',
    port: 0,
    apiUrl,
    publicApiUrl: apiUrl,
    publicCheckoutUrl,
    demo: demo ? { apiKey: TEST_KEY, apiSecret: TEST_SECRET } : null,
    logLevel: 'silent',
    version: '0.0.0-test',
  })
  const browser = await openBrowser()
  let complaints: string[] = []
  const screen: BrowserContextOptions = { viewport: { width: 1280, height: 800 }, locale: 'en-IN' }
  const shared = await browser.newContext(screen)
  return {
    browser,
    dashboard,
    async visit(path, options) {
      const context = options ? await browser.newContext({ ...screen, ...options }) : shared
      const page = await context.newPage()
      page.setDefaultTimeout(PATIENCE_MS)
      page.on('pageerror', ({ message }) => complaints.push(`exception: ${message}`))
      page.on('console', (line) => line.type() === 'error' && complaints.push(line.text()))
      await page.goto(`${dashboard.url}${path}`)
      return page
    },
    complaints() {
      const kept = complaints
      complaints = []
      return kept
    },
    async leave() {
      for (const context of browser.contexts()) {
        if (context === shared) await Promise.all(context.pages().map((page) => page.close()))
        else await context.close()
      }
    },
    async close() {
      await browser.close()
      await dashboard.close()
    },
  }
}

/** The selector of an element that the contract names. */
export function at(testId: string): string {
  return `[data-test-id=${testId}]`
}
