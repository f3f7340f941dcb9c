import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { TYPES_PATH, typesOf } from '../../sdk/node/generate.ts'
import { Gateway, type GatewayEvent, GatewayRefusal, GatewayUnreachable } from '../../sdk/node/index.ts'
import { type House, openHouse, TEST_KEY, TEST_SECRET } from './house.ts'
import { until } from './until.ts'

const test = suite('the client for Node')

let house: House
let gateway: Gateway
test.before(async () => {
  house = await openHouse({ worker: true })
  await until(async () => (await house.call('GET', '/health')).status === 200)
  gateway = client()
})
test.after(() => house?.close())

function client(options: Partial<ConstructorParameters<typeof Gateway>[0]> = {}): Gateway {
  return new Gateway({ apiKey: TEST_KEY, apiSecret: TEST_SECRET, baseUrl: house.url, ...options })
}

const newPayment = { order_id: 'ord_test_001', method: 'upi' as const, vpa: 'success@sim' }

async function paid(): Promise<string> {
  const { id } = await gateway.payments.create(newPayment)
  await until(async () => (await gateway.payments.get(id)).status === 'success')
  return id
}

test('its types are what the document says (else: npm start, and npm run sdk:types)', async () => {
  const document = (await house.call('GET', '/openapi.json')).body
  assert.is(readFileSync(TYPES_PATH, 'utf8'), await typesOf(document))
})

test('a merchant runs its business with it', async () => {
  const order = await gateway.orders.create({ amount: 70_000, receipt: 'cart 7', notes: { cart: 7 } })
  const payment = await gateway.payments.create({ ...newPayment, order_id: order.id })
  assert.is(payment.status, 'pending')
  await until(async () => (await gateway.payments.get(payment.id)).status === 'success')
  assert.is((await gateway.payments.capture(payment.id, { amount: 60_000 })).amount_captured, 60_000)
  const refund = await gateway.payments.refund(payment.id, { amount: 10_000, reason: 'returned' })
  await until(async () => (await gateway.refunds.get(refund.id)).status === 'processed')
  assert.equal((await gateway.orders.get(order.id)).status, 'paid')
  assert.ok((await gateway.payments.timeline(payment.id)).data.length > 5)
  assert.is((await gateway.merchant.profile()).email, 'test@example.com')
  const rolled = await gateway.apiKeys.create({ name: 'second' })
  assert.is((await client({ apiKey: rolled.api_key, apiSecret: rolled.api_secret ?? '' }).orders.list()).total, 3)
})

test('a list is walked to its end, page by page', async () => {
  const amounts = Array.from({ length: 205 }, (_, n) => 1_000 + n)
  await Promise.all(amounts.map((amount) => gateway.orders.create({ amount, receipt: 'walked' })))
  const seen: number[] = []
  for await (const { amount } of gateway.orders.all({ q: 'walked' })) seen.push(amount)
  assert.equal(seen.sort(), amounts)
})

test('a try whose answer is lost is made again under the same key: one payment', async () => {
  const keys: (string | null)[] = []
  const losing: typeof fetch = async (url, init) => {
    keys.push(new Headers(init?.headers).get('idempotency-key'))
    const response = await fetch(url, init)
    if (keys.length > 2) return response
    await response.body?.cancel()
    throw new TypeError('fetch failed')
  }
  const before = await house.count('payments')
  const payment = await client({ fetch: losing }).payments.create(newPayment)
  assert.is(await house.count('payments'), before + 1)
  assert.is((await gateway.payments.get(payment.id)).id, payment.id)
  assert.is(keys.length, 3)
  assert.is(new Set(keys).size, 1)
})

test('what is busy or undecided is asked again, as late as it asks for', async () => {
  const answers = [
    new Response('{}', { status: 503, headers: { 'retry-after': '0' } }),
    new Response('{"id":"rfnd_1","status":"pending"}', { status: 202 }),
    new Response('{"id":"rfnd_1","status":"pending"}', { status: 201 }),
  ]
  let calls = 0
  const slow: typeof fetch = async () => answers[calls++] as Response
  assert.is((await client({ fetch: slow }).payments.refund('pay_1', { amount: 100 })).id, 'rfnd_1')
  assert.is(calls, 3)
})

test('a refusal is an error with the gateway own words, and is not tried again', async () => {
  let calls = 0
  const counting: typeof fetch = (url, init) => {
    calls++
    return fetch(url, init)
  }
  const refused = await client({ fetch: counting })
    .payments.create({ ...newPayment, vpa: 'nobody' })
    .then(
      () => null,
      (error: unknown) => error,
    )
  assert.instance(refused, GatewayRefusal)
  const { status, code, field, requestId } = refused as GatewayRefusal
  assert.equal([status, code, field, calls], [400, 'INVALID_VPA', 'vpa', 1])
  assert.match(requestId ?? '', /^req_/)
})

test('who does not answer is unreachable, and the key to try on with is told', async () => {
  const away = client({ baseUrl: 'http://127.0.0.1:9', retries: 0 })
  const error = await away.payments.create(newPayment, { idempotencyKey: 'mine' }).then(
    () => null,
    (thrown) => thrown,
  )
  assert.instance(error, GatewayUnreachable)
  assert.is((error as GatewayUnreachable).idempotencyKey, 'mine')
})

test('events come as they happen, and a broken stream is taken up again', async () => {
  let streams = 0
  const breaking: typeof fetch = async (url, init) => {
    const response = await fetch(url, init)
    if (!String(url).includes('/stream') || streams++ > 0) return response
    const first = response.body?.pipeThrough(new TransformStream({ transform: cutAfterEvent }))
    return new Response(first ?? null, response)
  }
  const leaving = new AbortController()
  const heard: GatewayEvent[] = []
  const listening = (async () => {
    const types = ['payment.*']
    for await (const event of client({ fetch: breaking }).events.stream({ types, signal: leaving.signal })) {
      heard.push(event)
    }
  })()
  await until(() => streams === 1)
  const id = await paid()
  await until(() => heard.length >= 3)
  leaving.abort()
  await listening
  assert.ok(streams >= 2)
  assert.equal(
    heard.map(({ type, data }) => [type, (data.payment as { id: string }).id]),
    ['payment.created', 'payment.pending', 'payment.success'].map((type) => [type, id]),
  )
})

/** Lets the stream's beginning through, and breaks it off in the first chunk that tells an event. */
function cutAfterEvent(chunk: Uint8Array, controller: TransformStreamDefaultController<Uint8Array>): void {
  const text = Buffer.from(chunk).toString('utf8')
  if (!text.includes('event: ')) return controller.enqueue(chunk)
  controller.enqueue(Buffer.from(text.slice(0, text.indexOf('\n\n') + 2)))
  controller.terminate()
}

test.run()
