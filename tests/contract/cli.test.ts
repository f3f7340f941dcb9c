import { spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { verifyWebhook } from '../../sdk/node/index.ts'
import { type House, openHouse, TEST_KEY, TEST_SECRET } from './house.ts'
import { until } from './until.ts'

const test = suite('the gateway from a shell')

const BIN = join(import.meta.dirname, '..', '..', 'sdk', 'cli', 'bin.js')

let house: House
test.before(async () => {
  house = await openHouse({ worker: true, bankDelayMs: 50 })
  await until(async () => (await house.call('GET', '/health')).status === 200)
})
test.after(() => house?.close())

function start(...words: string[]) {
  const env = { ...process.env, GATEWAY_URL: house.url, GATEWAY_API_KEY: TEST_KEY, GATEWAY_API_SECRET: TEST_SECRET }
  return spawn(process.execPath, [BIN, ...words], { env, stdio: ['pipe', 'pipe', 'pipe'] })
}

async function gateway(words: string[], input = ''): Promise<{ code: number; out: string; err: string }> {
  const child = start(...words)
  child.stdin.end(input)
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code, out, err }
}

test('payments are made, awaited, read, listed and told of', async () => {
  const made = await gateway(['payments', 'create', '--order', 'cli-1', '--amount', '70000', '--wait'])
  assert.is(made.code, 0, made.err)
  const payment = JSON.parse(made.out)
  assert.equal([payment.status, payment.amount, payment.order_id], ['success', 70_000, 'cli-1'])
  const read = await gateway(['payments', 'get', payment.id])
  assert.equal(JSON.parse(read.out), payment)
  const listed = await gateway(['payments', 'list', '--order', 'cli-1'])
  assert.match(listed.out, new RegExp(`${payment.id}  success  upi  ₹700\\.00  cli-1\n$`))
  const told = await gateway(['payments', 'timeline', payment.id])
  assert.match(told.out, /state +success/)
})

test('an event is triggered by making it happen', async () => {
  const [failed, refunded] = await Promise.all([
    gateway(['trigger', 'payment.failed']),
    gateway(['trigger', 'refund.processed']),
  ])
  assert.is(JSON.parse(failed.out).status, 'failed', failed.err)
  assert.is(JSON.parse(refunded.out).status, 'processed', refunded.err)
})

test('events are sent on to a local URL: signed, and the same bytes as the gateway sends', async () => {
  const received: { headers: Record<string, string>; body: string }[] = []
  const receiver = createServer(async (request, response) => {
    received.push({ headers: request.headers as Record<string, string>, body: await text(request) })
    response.end()
  })
  await once(receiver.listen(0, '127.0.0.1'), 'listening')
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`
  const listening = start('listen', '--forward-to', url, '--events', 'payment.success,webhook.test')
  let said = ''
  listening.stdout.on('data', (chunk) => {
    said += chunk
  })
  try {
    await until(() => said.includes('listening'))
    // A receiver that nobody reaches makes the gateway keep the payload that it would send.
    await house.call('PUT', '/api/v1/webhooks/config', { body: { webhook_url: 'http://127.0.0.1:9/' } })
    const body = { order_id: 'ord_test_001', method: 'upi', vpa: 'a@b', notes: { ü: [1, '\u2028'] } }
    const { id } = (await house.call('POST', '/api/v1/payments', { body })).body
    await until(() => received.length === 1)
    const test = await house.call('POST', '/api/v1/webhooks/test')
    await until(() => received.length === 2)
    const { webhook_secret: secret } = (await house.call('GET', '/api/v1/webhooks/config')).body
    const query = `payment_id=${id}&event=payment.success`
    const [delivery] = (await house.call('GET', `/api/v1/webhooks?${query}`)).body.data
    for (const [n, webhook] of [delivery.id, test.body.id].entries()) {
      const { headers, body: sent } = received[n] as (typeof received)[number]
      verifyWebhook(sent, headers, secret)
      verifyWebhook(sent, { 'x-webhook-signature': headers['x-webhook-signature'] }, secret)
      assert.is(sent, (await house.call('GET', `/api/v1/webhooks/${webhook}`)).body.payload)
    }
    await until(() => /payment\.success .* 200 \(/.test(said))
  } finally {
    listening.kill('SIGINT')
    await once(listening, 'close')
    receiver.close()
  }
})

test('a webhook that does not verify is explained', async () => {
  const { webhook_secret: secret } = (await house.call('GET', '/api/v1/webhooks/config')).body
  const sent = '{"event":"payment.success","timestamp":1,"data":{}}'
  const header = `x-webhook-signature: ${createHmac('sha256', secret).update(sent).digest('hex')}`
  const fits = await gateway(['webhooks', 'verify', '--payload', '-', '--header', header], sent)
  assert.is(fits.code, 0, fits.out + fits.err)
  const pretty = JSON.stringify(JSON.parse(sent), null, 2)
  const spoiled = await gateway(['webhooks', 'verify', '--payload', '-', '--header', header], pretty)
  assert.is(spoiled.code, 1)
  assert.match(spoiled.out, /parsed and written again/)
})

test('a key is rolled', async () => {
  const { api_key } = (await house.call('POST', '/api/v1/api_keys', { body: { name: 'shell' } })).body
  const rolled = await gateway(['keys', 'roll', api_key, '--grace', '60'])
  assert.match(JSON.parse(rolled.out).api_secret, /^secret_test_/)
  const keys = await gateway(['keys', 'list'])
  assert.match(keys.out, new RegExp(`${api_key}  secret  ending`))
})

test('what is said wrongly, or refused, is told in a line', async () => {
  const [unknown, missing, refused] = await Promise.all([
    gateway(['payments', 'frobnicate']),
    gateway(['payments', 'create']),
    gateway(['payments', 'get', 'pay_none']),
  ])
  assert.equal([unknown.code, missing.code, refused.code], [2, 2, 1])
  assert.match(unknown.err, /there is no command "payments frobnicate"/)
  assert.match(missing.err, /--order is missing/)
  assert.is(refused.err.trim(), 'NOT_FOUND_ERROR: Payment not found')
})

test.run()
