import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { until } from '../contract/until.ts'
import { Fleet } from '../fleet/fleet.ts'

const test = suite('servers that go away')

let fleet: Fleet
test.before(async () => {
  fleet = await Fleet.open({ ownServers: true })
})
test.after(() => fleet?.close())

const succeeds = (id: string) => until(async () => (await fleet.merchant.payment(id)).status === 'success', 20_000)
const everybodyLives = () => [fleet.api, ...fleet.workers].every(({ alive }) => alive)

test('Redis is stopped: payments are accepted all the same, and are carried out once it is back, empty', async () => {
  const earlier = (await fleet.merchant.pay()).body.id
  await succeeds(earlier)
  await fleet.servers.stopRedis()
  const answers = await Promise.all(Array.from({ length: 10 }, () => fleet.merchant.pay()))
  for (const { status, body } of answers) assert.equal([status, body.status], [201, 'pending'])
  const refused = await fleet.merchant.refund(earlier, 100)
  assert.equal([refused.status, refused.body.error.code], [503, 'SERVER_ERROR'])
  assert.ok(Number(refused.headers.get('retry-after')) >= 1)
  assert.is((await fleet.merchant.call('GET', '/health')).body.redis, 'disconnected')

  await fleet.servers.startRedis()
  for (const { body } of answers) await succeeds(body.id)
  await until(async () => (await fleet.merchant.refund(earlier, 100)).status === 201)
  assert.is(await fleet.number("select count(*)::int as n from bank.operations where kind = 'authorize'"), 11)
  assert.ok(everybodyLives())
})

test('Postgres is stopped: 503 with words that say so, and every process recovers by itself', async () => {
  const { id } = (await fleet.merchant.pay({ vpa: 'success.30s@sim' })).body
  await until(async () => (await fleet.books.of(id)).length === 1)
  await fleet.servers.stopPostgres()
  const refused = await fleet.merchant.pay()
  assert.equal([refused.status, refused.body.error.code], [503, 'SERVER_ERROR'])
  assert.match(refused.body.error.description, /database does not answer/)
  assert.ok(Number(refused.headers.get('retry-after')) >= 1)
  assert.is((await fleet.merchant.call('GET', '/health/ready')).status, 503)
  assert.is((await fleet.merchant.call('GET', '/health/live')).status, 200)

  await fleet.servers.startPostgres()
  await until(async () => (await fleet.merchant.call('GET', '/health/ready')).status === 200)
  const later = await fleet.merchant.pay()
  assert.is(later.status, 201)
  await succeeds(later.body.id)
  assert.is((await fleet.merchant.payment(id)).status, 'pending')
  assert.ok(everybodyLives())
})

test('no worker lives: commands get 503 with Retry-After, and nothing is written', async () => {
  const { id } = (await fleet.merchant.pay()).body
  await succeeds(id)
  await fleet.stopWorkers()
  const written = () =>
    fleet.rows(`select (select count(*) from inbox) as inbox, (select count(*) from refunds) as refunds,
      (select count(*) from idempotency_keys) as keys, (select count(*) from bank.operations) as bank`)
  const before = await written()
  const headers = { 'idempotency-key': 'nobody-there' }
  const answers = [
    await fleet.merchant.capture(id),
    await fleet.merchant.refund(id, 1_000, headers),
    await fleet.merchant.call('POST', `/api/v1/payments/${id}/cancel`),
  ]
  for (const answer of answers) {
    assert.equal([answer.status, answer.body.error.code], [503, 'SERVER_ERROR'])
    assert.match(answer.body.error.description, /Nothing was written/)
    assert.ok(Number(answer.headers.get('retry-after')) >= 1)
  }
  assert.equal(await written(), before)
  assert.is((await fleet.merchant.call('GET', '/api/v1/test/jobs/status')).body.worker_status, 'stopped')

  await fleet.startWorker()
  // A refusal for want of a worker is not the key's answer.
  await until(async () => (await fleet.merchant.refund(id, 1_000, headers)).status === 201)
})

test.run()
