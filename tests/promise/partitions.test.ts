import { Redis } from 'ioredis'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { until } from '../contract/until.ts'
import { Fleet } from '../fleet/fleet.ts'

const test = suite('another number of partitions')

const FOUR = { PARTITIONS: '4' }

let fleet: Fleet
let redis: Redis
test.before(async () => {
  fleet = await Fleet.open({ workers: 1 })
  redis = new Redis(fleet.redisUrl)
})
test.after(async () => {
  redis?.disconnect()
  await fleet?.close()
})

test('stop every process, flush, start: no payment has noticed', async () => {
  const paid = await Promise.all(Array.from({ length: 20 }, () => fleet.merchant.pay({ vpa: 'success.3s@sim' })))
  const ids = paid.map(({ body }) => body.id as string)
  await fleet.stopWorkers()
  await fleet.api.kill()
  await redis.flushdb()

  await fleet.restartApi(FOUR)
  await fleet.startWorker(FOUR)
  for (const id of ids) await until(async () => (await fleet.merchant.payment(id)).status === 'success', 20_000)
  assert.is(await fleet.number("select count(*)::int as n from bank.operations where kind = 'authorize'"), ids.length)
  assert.is((await redis.keys('*:epoch')).length, 4)
})

test.run()
