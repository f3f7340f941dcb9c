import { createHmac } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { until } from '../contract/until.ts'
import { Fleet } from '../fleet/fleet.ts'
import { type Hit, Receiver } from '../fleet/receiver.ts'

const test = suite('a receiver that fails twice')

const SECRET = 'whsec_test_abc123'
/** What an attempt may be late when the machine is idle. Early it may never be. */
const LATE_MS = 1_000

let fleet: Fleet
let receiver: Receiver
test.before(async () => {
  receiver = await Receiver.open(({ attempt }) => (attempt < 3 ? 500 : 204))
  fleet = await Fleet.open()
  await fleet.merchant.sendWebhooksTo(receiver.url)
})
test.after(async () => {
  await fleet?.close()
  await receiver?.close()
})

const attemptsOf = (event: string) => receiver.hits.filter((hit) => hit.event === event)

test('gets the second attempt 5 s and the third another 10 s later, never early, of every event', async () => {
  const { body } = await fleet.merchant.pay()
  const events = ['payment.created', 'payment.pending', 'payment.success']
  await until(() => events.every((event) => attemptsOf(event).length === 3), 30_000)
  for (const event of events) {
    const [first, second, third] = attemptsOf(event) as [Hit, Hit, Hit]
    assertDelay(`${event}, second attempt`, second.at - first.answeredAt, 5_000)
    assertDelay(`${event}, third attempt`, third.at - second.answeredAt, 10_000)
    assert.is(new Set([first.id, second.id, third.id]).size, 1)
  }
  const deliveries = () => fleet.number("select count(*)::int as n from webhook_deliveries where status = 'success'")
  await until(async () => (await deliveries()) === 3)
  assert.is(JSON.parse((attemptsOf('payment.success')[2] as Hit).text).data.payment.id, body.id)
})

test('can verify every attempt by HMAC, after parsing and printing it again, and by the Standard Webhooks library', () => {
  assert.is(receiver.hits.length, 9)
  for (const { text, headers } of receiver.hits) {
    const signature = (body: string) => createHmac('sha256', SECRET).update(body).digest('hex')
    assert.is(headers['x-webhook-signature'], signature(text))
    assert.is(headers['x-webhook-signature'], signature(JSON.stringify(JSON.parse(text))))
    new Webhook(SECRET, { format: 'raw' }).verify(text, headers)
  }
})

function assertDelay(what: string, ms: number, wanted: number): void {
  assert.ok(ms >= wanted && ms <= wanted + LATE_MS, `${what} came after ${Math.round(ms)} ms instead of ${wanted}`)
}

test.run()
