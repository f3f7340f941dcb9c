import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openRedis } from '../../runtime/redis.ts'
import { freshRedis } from '../support/index.ts'
import { type Answer, type House, OPERATOR_TOKEN, openHouse } from './house.ts'

const test = suite('nobody may ask for more than their share')

const redisServer = await freshRedis()
const redis = openRedis(redisServer.url, 'commands')
await redis.connect()
const houses: House[] = []
test.after.each(async () => {
  for (const house of houses.splice(0)) await house.close()
  await redis.flushdb()
})
test.after(async () => {
  redis.disconnect()
  await redisServer.drop()
})

async function limited(perSecond: number | null, connection: object | null = redis): Promise<House> {
  const house = await openHouse({ worker: false, rateLimit: { perSecond, redis: connection } })
  houses.push(house)
  return house
}

/** One second's window may end between two calls, so what is expected of it is looked for over several. */
async function burst(call: () => Promise<Answer>, calls = 20): Promise<Answer[]> {
  return Promise.all(Array.from({ length: calls }, call))
}
const refused = (answers: Answer[]) => answers.filter(({ status }) => status === 429)

test('a key has so many requests a second; the headers tell how many are left', async () => {
  const house = await limited(5)
  const first = await house.call('GET', '/api/v1/payments')
  assert.equal(
    [first.status, first.headers.get('ratelimit-limit'), first.headers.get('ratelimit-remaining')],
    [200, '5', '4'],
  )
  assert.is(first.headers.get('ratelimit-reset'), '1')
  const [one] = refused(await burst(() => house.call('GET', '/api/v1/payments')))
  assert.equal([one?.body.error.code, one?.headers.get('retry-after')], ['RATE_LIMIT_ERROR', '1'])
  assert.is(one?.headers.get('ratelimit-remaining'), '0')
})

test('keys are counted one by one, over all processes', async () => {
  const house = await limited(5)
  const { body: key } = await house.call('POST', '/api/v1/api_keys')
  const headers = { 'x-api-key': key.api_key, 'x-api-secret': key.api_secret }
  assert.ok(refused(await burst(() => house.call('GET', '/api/v1/orders'))).length > 0)
  const other = await house.call('GET', '/api/v1/orders', { headers })
  assert.equal([other.status, other.headers.get('ratelimit-remaining')], [200, '4'])
  const keys = await redis.keys('limit:*')
  assert.ok(keys.some((name) => name.endsWith(`key:${key.api_key}`)))
})

test('a test merchant has no limit unless one is set, and costs no look-up', async () => {
  const house = await limited(null)
  const answers = await burst(() => house.call('GET', '/api/v1/orders'), 50)
  assert.is(refused(answers).length, 0)
  assert.is(answers[0]?.headers.get('ratelimit-limit'), null)
  assert.equal(await redis.keys('limit:*'), [])
  const operator = { authorization: `Bearer ${OPERATOR_TOKEN}` }
  const body = { name: 'Live', email: 'live@example.com' }
  const { body: live } = await house.call('POST', '/api/v1/merchants', { body, headers: operator })
  const headers = { 'x-api-key': live.api_key, 'x-api-secret': live.api_secret }
  assert.is((await house.call('GET', '/api/v1/orders', { headers })).headers.get('ratelimit-limit'), '500')
})

test('who has no key is counted by address, and so is who tries keys', async () => {
  const house = await limited(5)
  const open = await burst(() => house.call('GET', '/api/v1/test/merchant', { headers: null }))
  assert.ok(refused(open).length > 0)
  const wrong = { 'x-api-key': 'key_test_abc123', 'x-api-secret': 'guess' }
  const tries = await burst(() => house.call('GET', '/api/v1/payments', { headers: wrong }))
  assert.equal(new Set(tries.map(({ status }) => status)), new Set([401, 429]))
  assert.is((await house.call('GET', '/api/v1/payments')).status, 200, 'the right key is not held back by wrong ones')
})

test('monitors are never refused, and 0 is no limit', async () => {
  const house = await limited(1)
  const live = await burst(() => house.call('GET', '/health/live', { headers: null }))
  assert.is(refused(live).length, 0)
  const free = await limited(0)
  assert.is(refused(await burst(() => free.call('GET', '/api/v1/orders'))).length, 0)
})

test('without Redis everybody is let in', async () => {
  const gone = openRedis('redis://127.0.0.1:1/', 'commands')
  const house = await limited(2, gone)
  const answers = await burst(() => house.call('GET', '/api/v1/orders'))
  assert.equal(new Set(answers.map(({ status }) => status)), new Set([200]))
  gone.disconnect()
})

test.run()
