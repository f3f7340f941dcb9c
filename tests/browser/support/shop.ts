/**
 * A shop with a gateway behind it, for a browser to pay in: a whole house with its worker and bank, the checkout's server, and a
 * merchant's page on an origin of its own. Everything is real; only the wire to the API can be cut.
 */
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, FrameLocator, Page } from 'playwright-core'
import { freePort } from '../../../ops/embedded/port.ts'
import { buildCheckout } from '../../../sdk/build.ts'
import type { CloseReason, FailedPayment, PaidPayment, PaymentGatewayOptions } from '../../../sdk/loader/index.d.ts'
import { type RunningCheckout, startCheckout } from '../../../sdk/server.ts'
import { type House, type HouseOptions, openHouse, TEST_KEY } from '../../contract/house.ts'
import { openBrowser } from './chromium.ts'
import { Line } from './line.ts'

/** What the merchant's page was told, in order. */
export type Told =
  | { what: 'success'; data: PaidPayment; at: number }
  | { what: 'failure'; data: FailedPayment; at: number }
  | { what: 'close'; data: CloseReason; at: number }

export interface Shop {
  browser: Browser
  house: House
  checkout: RunningCheckout
  line: Line
  /** Of the merchant's page, on this machine. */
  origin: string
  /** The same page under a name that is not this machine's, `http://shop.example:port`. */
  foreignOrigin: string
  /** The merchant's page in a new tab. `path`: `/`, or `/nonce` under a strict policy. */
  visit(path?: string, options?: BrowserContextOptions & { origin?: string }): Promise<Page>
  /** An order that can be paid once. */
  newOrder(amount?: number): Promise<string>
  close(): Promise<void>
}

export async function openShop(options: Omit<HouseOptions, 'worker' | 'publicCheckoutUrl'> = {}): Promise<Shop> {
  await buildCheckout(console.log)
  const [checkoutPort, linePort] = [await freePort(), await freePort()]
  const publicCheckoutUrl = `http://localhost:${checkoutPort}`
  const house = await openHouse({ ...options, worker: true, publicCheckoutUrl })
  const line = new Line(linePort, Number(new URL(house.url).port))
  await line.mend()
  const checkout = await startCheckout({
    host: 'localhost',
    port: checkoutPort,
    apiUrl: line.url,
    publicApiUrl: line.url,
    publicCheckoutUrl,
    demo: { apiKey: TEST_KEY },
    logLevel: 'silent',
  })
  const server = await serveMerchant(publicCheckoutUrl)
  const { port } = server.address() as AddressInfo
  const browser = await openBrowser()
  const origin = `http://localhost:${port}`
  return {
    browser,
    house,
    checkout,
    line,
    origin,
    foreignOrigin: `http://shop.example:${port}`,
    async visit(path = '/', { origin: from = origin, ...context } = {}) {
      const page = await browser.newPage(context)
      page.setDefaultTimeout(10_000)
      await page.goto(from + path)
      return page
    },
    async newOrder(amount = 50_000) {
      const { body } = await house.call('POST', '/api/v1/orders', { body: { amount } })
      return body.id
    },
    async close() {
      await browser.close()
      server.closeAllConnections()
      server.close()
      await checkout.close()
      await line.cut()
      await house.close()
    },
  }
}

/** Opens the checkout on the merchant's page as its script would, and writes down what it is told in `window.told`. */
export async function pay(page: Page, options: Partial<PaymentGatewayOptions> = {}): Promise<FrameLocator> {
  await page.evaluate(
    (given) => {
      const told: unknown[] = []
      const hear = (what: string) => (data: unknown) =>
        told.push({ what, data, at: performance.timeOrigin + performance.now() })
      const calls = { onSuccess: hear('success'), onFailure: hear('failure'), onClose: hear('close') }
      const gateway = new window.PaymentGateway({ ...given, ...calls })
      Object.assign(window, { told, gateway })
      gateway.open()
    },
    { key: TEST_KEY, orderId: 'ORDER_123', ...options },
  )
  return page.frameLocator('[data-test-id=payment-iframe]')
}

export function told(page: Page): Promise<Told[]> {
  return page.evaluate(() => (window as unknown as { told: Told[] }).told)
}

/** Waits until the merchant's page was told so. */
export async function heard<What extends Told['what']>(page: Page, what: What): Promise<Extract<Told, { what: What }>> {
  await page.waitForFunction(
    (wanted) => (window as unknown as { told: Told[] }).told.some((one) => one.what === wanted),
    what,
    {
      polling: 50,
    },
  )
  return (await told(page)).find((one) => one.what === what) as Extract<Told, { what: What }>
}

export async function textOf(place: Page | FrameLocator, selector: string): Promise<string> {
  return (await place.locator(selector).textContent()) ?? ''
}

export function at(id: string): string {
  return `[data-test-id=${id}]`
}

/** The npm package as a bundler would have put it there. */
const PACKAGE = readFileSync(join(import.meta.dirname, '..', '..', '..', 'sdk', 'loader', 'index.js'))
const NONCE = 'bWVyY2hhbnQ'
const STRICT = (checkoutUrl: string) =>
  `default-src 'none'; script-src 'nonce-${NONCE}'; frame-src ${checkoutUrl}; require-trusted-types-for 'script'`

function serveMerchant(checkoutUrl: string): Promise<Server> {
  const server = createServer((request, response) => {
    if (request.url === '/loader.js') {
      response.setHeader('content-type', 'text/javascript').end(PACKAGE)
      return
    }
    const strict = request.url?.startsWith('/nonce')
    response.setHeader('content-type', 'text/html; charset=utf-8')
    if (strict) response.setHeader('content-security-policy', STRICT(checkoutUrl))
    response.end(`<!doctype html><html lang="en"><head><meta name="viewport" content="width=device-width"><title>A shop</title></head>
<body><h1>A shop</h1><button id="buy">Buy</button><p>${'Wares. '.repeat(400)}</p>
<script nonce="${NONCE}" src="${checkoutUrl}/checkout.js"></script></body></html>`)
  })
  return new Promise((resolve) => server.listen(0, 'localhost', () => resolve(server)))
}
