import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openRedis, ready } from '../../runtime/redis.ts'
import { until } from '../../tests/contract/until.ts'
import { freshRedis } from '../../tests/support/index.ts'
import { trailReader } from './reader.ts'
import { LogTrail, TRAIL_KEY } from './trail.ts'

const test = suite('the trail of log lines')

test('what processes said is read in order, with who said it', async () => {
  const { url, drop } = await freshRedis()
  const redis = openRedis(url, 'commands')
  await ready(redis)
  const [api, worker] = [new LogTrail('api'), new LogTrail('worker 7')]
  api.publish(url)
  api.add('{"level":30,"time":1795400000000,"msg":"request","path":"/health"}\n')
  const reader = trailReader(redis)
  await until(async () => (await reader.read(null)).length === 1)
  worker.publish(url)
  worker.add('{"level":50,"time":1795400000001,"msg":"turn failed"}\n')
  await until(async () => (await reader.read(null)).length === 2)
  const [first, second] = await reader.read(null)
  assert.equal([first?.process, first?.message, first?.fields.path], ['api', 'request', '/health'])
  assert.equal([second?.process, second?.level, second?.atMs], ['worker 7', 50, 1_795_400_000_001])
  assert.equal(await reader.read(first?.id ?? ''), [second])
  api.close()
  worker.close()
  redis.disconnect()
  await drop()
})

test('a flood of routine lines leaves out most of itself, and none of the errors', async () => {
  const { url, drop } = await freshRedis()
  const redis = openRedis(url, 'commands')
  await ready(redis)
  const trail = new LogTrail('api')
  for (let n = 0; n < 5_000; n++) trail.add(`{"level":30,"msg":"request ${n}"}`)
  trail.add('{"level":50,"msg":"broken"}')
  trail.publish(url)
  const reader = trailReader(redis)
  await until(async () => (await reader.read(null)).length > 0)
  const lines = await reader.read(null)
  assert.is(lines.length, 52)
  assert.ok(lines.some(({ message }) => message === 'broken'))
  assert.match(lines.at(-1)?.message ?? '', '4950 lines more')
  assert.ok((await redis.xlen(TRAIL_KEY)) < 100)
  trail.close()
  redis.disconnect()
  await drop()
})

test.run()
