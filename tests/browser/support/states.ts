/** Every state that a shopper can meet, and how to get there on the checkout's own page, where it stays. */
import type { Page, Route } from 'playwright-core'
import { at } from './shop.ts'

export interface State {
  name: string
  /** What is there when it is reached. */
  shows: string
  reach(page: Page): Promise<unknown>
}

const pay = async (page: Page, vpa: string) => {
  await page.locator(at('vpa-input')).fill(vpa)
  await page.locator(at('pay-button')).click()
}

const answer = (path: string, status: number, code: string, reason?: string) => async (page: Page) => {
  const body = { error: { code, description: 'as a test has it', reason } }
  const headers = { 'access-control-allow-origin': '*' }
  await page.route(`**/api/v1/checkout/${path}`, (route) => route.fulfill({ status, json: body, headers }))
}

const afterPay = (prepare: (page: Page) => Promise<unknown>) => async (page: Page) => {
  await prepare(page)
  await pay(page, 'success@sim')
}

/** Opens anew, so that the session is asked for under the rule that was just made. */
const atOpening = (prepare: (page: Page) => Promise<unknown>) => async (page: Page) => {
  await prepare(page)
  await page.reload()
}

const stop = (name: string, reach: State['reach']): State => ({ name, shows: `[data-stop=${name}]`, reach })

export const STATES: State[] = [
  {
    name: 'loading',
    shows: '.skeleton',
    reach: atOpening((page) => page.route('**/api/v1/checkout/sessions', () => {})),
  },
  { name: 'upi', shows: at('vpa-input'), reach: async () => {} },
  { name: 'upi-error', shows: '#vpa-note', reach: (page) => pay(page, 'nobody') },
  {
    name: 'qr',
    shows: at('upi-qr'),
    async reach(page) {
      // The bank is quicker than axe; nobody tells this page.
      await page.route('**/payments/*/stream', () => {})
      await page.locator(at('show-qr-button')).click()
    },
  },
  { name: 'card', shows: at('card-form'), reach: (page) => page.locator(at('method-card')).click() },
  {
    name: 'card-error',
    shows: '#number-note',
    async reach(page) {
      await page.locator(at('method-card')).click()
      await page.locator(at('card-number-input')).pressSequentially('4111111111111112')
      await page.locator(at('expiry-input')).pressSequentially('1020')
      await page.locator(at('pay-button')).click()
    },
  },
  { name: 'waiting', shows: '.ring small', reach: (page) => pay(page, 'success.30s@sim') },
  {
    name: 'waiting-away',
    shows: '.note',
    async reach(page) {
      await page.route('**/api/v1/checkout/payments/**', (route: Route) => route.abort())
      await pay(page, 'success.30s@sim')
    },
  },
  { name: 'paid', shows: at('success-state'), reach: (page) => pay(page, 'success.0s@sim') },
  { name: 'failed', shows: at('retry-button'), reach: (page) => pay(page, 'insufficient_funds@sim') },
  stop('busy', afterPay(answer('payments', 409, 'CONFLICT_ERROR', 'payment_pending'))),
  stop('expired', afterPay(answer('{payments,sessions}', 401, 'AUTHENTICATION_ERROR', 'token_expired'))),
  stop(
    'offline',
    atOpening((page) => page.route('**/api/v1/checkout/sessions', (route) => route.abort())),
  ),
  stop('unavailable', atOpening(answer('sessions', 503, 'SERVER_ERROR'))),
  stop('unknown', atOpening(answer('sessions', 404, 'NOT_FOUND_ERROR'))),
  stop('refused', atOpening(answer('sessions', 403, 'AUTHORIZATION_ERROR'))),
]
