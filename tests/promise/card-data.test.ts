import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { until } from '../contract/until.ts'
import { cardDataIn, tablesAsText } from '../fleet/card-search.ts'
import { Fleet } from '../fleet/fleet.ts'
import { Receiver } from '../fleet/receiver.ts'

const test = suite('card data')

const CARDS = [
  { number: '378282246310005', cvv: '0739' },
  { number: '3714 496353-98431', cvv: '0926' },
]
const SOUGHT = {
  numbers: ['378282246310005', '371449635398431', '4000000000000069', '3714496353984318'],
  cvvs: ['0739', '0926', '0815'],
}
const found = (text: string) => cardDataIn(text, SOUGHT)

let fleet: Fleet
let receiver: Receiver
let monitor: Socket
/** All that was ever said to Redis while the payments ran, not only what is left at the end. */
let saidToRedis = ''
test.before(async () => {
  receiver = await Receiver.open()
  fleet = await Fleet.open({ settings: { LOG_LEVEL: 'trace', TEST_PROCESSING_DELAY: '300' } })
  await fleet.merchant.sendWebhooksTo(receiver.url)
  monitor = await monitorOf(fleet.redisUrl)
})

/** A bare connection: the library's monitor trips over a command that comes in one packet with its OK, and others use this Redis, too. */
async function monitorOf(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.setEncoding('utf8').on('data', (text) => {
    saidToRedis += text
  })
  socket.write('MONITOR\r\n')
  await once(socket, 'data')
  return socket
}

test.after(async () => {
  monitor?.destroy()
  await fleet?.close()
  await receiver?.close()
})

const card = (number: string, cvv: string) => ({
  method: 'card',
  card: { number, cvv, expiry_month: 12, expiry_year: 2034, holder_name: 'A Person' },
})

test('stands in no table, never passes through Redis, and is in no log and no webhook', async () => {
  const accepted = [
    await fleet.merchant.pay(card(CARDS[0]?.number as string, CARDS[0]?.cvv as string), {
      'idempotency-key': 'a-card',
    }),
    await fleet.merchant.pay({
      method: 'card',
      card_number: CARDS[1]?.number,
      card_expiry: '12/34',
      card_cvv: CARDS[1]?.cvv,
    }),
  ]
  for (const { status, body } of accepted) assert.equal([status, body.card_network], [201, 'amex'])
  const broken = '{"method":"card","order_id":"ord_test_001","card":{"number":"378282246310005","cvv":"0739"'
  const refused = [
    await fleet.merchant.pay(card('3714496353984318', '0815')),
    await fleet.merchant.pay({ ...card('4000000000000069', '0815'), vpa: 7, order_id: 'unknown_order' }),
    await fleet.merchant.pay({ method: 'card', card: '378282246310005', cvv: '0739' }),
    await fleet.merchant.call('POST', '/api/v1/payments', { body: broken }),
  ]
  for (const { status } of refused) assert.ok(status === 400 || status === 404)
  const ended = "select count(*)::int as n from webhook_deliveries where status = 'success'"
  await until(async () => (await fleet.number(ended)) === 3 * accepted.length)

  const places = [
    ...(await tablesAsText(fleet.database)),
    ['Redis', saidToRedis],
    ['the logs', fleet.logs()],
    ['the webhooks', receiver.hits.map(({ text, headers }) => text + JSON.stringify(headers)).join('\n')],
    ['the answers', [...accepted, ...refused].map(({ text }) => text).join('\n')],
  ] as const
  for (const [place, text] of places) {
    assert.ok(text !== '', `nothing was searched in ${place}`)
    assert.equal(found(text), [], `card data in ${place}`)
  }
  assert.ok(places.length > 15, 'every table was searched')
  for (const { body } of accepted) assert.ok(saidToRedis.includes(body.id), 'what is said to Redis was heard')
})

test('would be found if it stood anywhere', () => {
  assert.equal(found('{"number":"3782 8224 6310 005"}'), ['378282246310005'])
  assert.equal(found(Buffer.from('378282246310005').toString('hex')), ['378282246310005'])
  assert.equal(found(Buffer.from('378282246310005').toString('base64')), ['378282246310005'])
  assert.equal(found('{"cvv":"0739"}'), ['0739'])
  assert.equal(found('at 12:00:00.0739 by a1b0739f, evt_10739, 3b1d7f0a-0739-4a5e-8d0c-5f4f6b1c2d3e'), [])
})

test.run()
