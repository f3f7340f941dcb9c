/** The checkout's server, against an API that a test answers for. */
import { createHash } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { buildCheckout } from './build.ts'
import { type RunningCheckout, startCheckout } from './server.ts'

const test = suite('checkout server')
let api: Server
let checkout: RunningCheckout
/** What the API knows: origins by key. A key that it does not know is a 401; `null` is an API that is away. */
let origins: Record<string, string[]> | null = { key_live_shop: ['https://shop.example.com'], key_live_none: [] }

test.before(async () => {
  await buildCheckout(console.log)
  api = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '', 'http://api')
    const found = origins?.[searchParams.get('key') ?? '']
    response.statusCode = origins === null ? 503 : found ? 200 : 401
    response.end(JSON.stringify({ origins: found }))
  })
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve))
  const apiUrl = `http://127.0.0.1:${(api.address() as AddressInfo).port}`
  const addresses = { publicApiUrl: 'https://api.example.com', publicCheckoutUrl: 'https://pay.example.com' }
  checkout = await startCheckout({ host: '127.0.0.1', port: 0, apiUrl, ...addresses, demo: null, logLevel: 'silent' })
})
test.after(async () => {
  await checkout.close()
  api.close()
})

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(checkout.url + path, { headers, redirect: 'manual' })

function directive(response: Response, name: string): string | undefined {
  const policy = response.headers.get('content-security-policy') ?? ''
  return policy.split('; ').find((part) => part.startsWith(`${name} `))
}

const framed = (key: string) => get(`/checkout?order_id=o1&key=${key}&embedded=true`)

test('the frame is shown by the pages that the merchant allows, and by our own', async () => {
  const response = await framed('key_live_shop')
  assert.is(directive(response, 'frame-ancestors'), "frame-ancestors 'self' https://shop.example.com")
})

test('a page of its own is shown by nobody', async () => {
  assert.is(directive(await get('/checkout?order_id=o1'), 'frame-ancestors'), "frame-ancestors 'none'")
})

test('of an unknown merchant, or one without pages, only a developer on this machine sees why', async () => {
  for (const key of ['key_live_none', 'key_nobody']) {
    assert.match(directive(await framed(key), 'frame-ancestors') ?? '', /^frame-ancestors 'self' http:\/\/localhost:\*/)
  }
})

test('the frame runs no inline script or style, and speaks to the API alone', async () => {
  const response = await framed('key_live_shop')
  assert.not.match(response.headers.get('content-security-policy') ?? '', /unsafe/)
  assert.is(directive(response, 'connect-src'), "connect-src 'self' https://api.example.com")
  const html = await response.text()
  assert.not.match(html, /<script(?![^>]* src=)|<style|\sstyle=/)
  assert.match(html, /data-api="https:\/\/api\.example\.com"/)
})

test('the merchant’s theme stands on the page before it is painted, and nothing else that an address says', async () => {
  assert.match(await (await get('/checkout?order_id=o1&theme=dark')).text(), /<html[^>]* data-theme="dark">/)
  assert.not.match(await (await get('/checkout?order_id="><script>&theme="><script>')).text(), /"><script>/)
})

test('while the API is away a page that is known is served on, any other says so and asks anew', async () => {
  const known = origins
  await framed('key_live_shop')
  origins = null
  assert.is((await framed('key_live_shop')).status, 200)
  const away = await framed('key_live_new')
  assert.is(away.status, 503)
  const html = await away.text()
  assert.match(html, /Nothing was taken/)
  assert.not.match(html, /<script/)
  origins = known
})

test('checkout.js is served compressed, by its tag, and with the hash that is told', async () => {
  const response = await get('/checkout.js', { 'accept-encoding': 'gzip, br' })
  const script = Buffer.from(await response.arrayBuffer())
  assert.is(response.headers.get('content-encoding'), 'br')
  assert.is(response.headers.get('access-control-allow-origin'), '*')
  const etag = response.headers.get('etag') ?? ''
  assert.is((await get('/checkout.js', { 'if-none-match': etag })).status, 304)
  const integrity = `sha384-${createHash('sha384').update(script).digest('base64')}`
  assert.equal(await (await get('/sri.json')).json(), { 'checkout.js': integrity })
})

test('the docs name the addresses of this very gateway', async () => {
  const html = await (await get('/docs')).text()
  assert.match(html, /https:\/\/pay\.example\.com\/checkout\.js/)
  assert.match(html, /https:\/\/api\.example\.com\/api\/v1\/orders/)
})

test('outside of demo mode there is no store', async () => {
  assert.is((await get('/demo')).status, 404)
  assert.is((await get('/')).headers.get('location'), '/docs')
})

test('/health answers', async () => {
  assert.equal(await (await get('/health')).json(), { status: 'healthy' })
})

test.run()
