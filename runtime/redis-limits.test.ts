/** A Redis of its own, because what is tested here concerns a whole server: its memory, and what it does when it has no more. */
import type { Redis } from 'ioredis'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { endLeftovers } from '../ops/embedded/leftovers.ts'
import { startRedis } from '../ops/embedded/redis.ts'
import { freshFolder } from '../tests/support/folder.ts'
import type { Address } from './address.ts'
import { checkRedis, openRedis, ready } from './redis.ts'
import { defineScripts, Partition } from './scripts.ts'
import { textUnderTest } from './testing/under-test.ts'

const limits = suite('redis at its limits')
const folder = freshFolder()
const { url } = await startRedis({ dir: folder.path, say: () => {} })
const redis = openRedis(url, 'commands') as Redis
await ready(redis)
defineScripts(redis, textUnderTest)
const partition = new Partition(redis, '{0}:')
const A: Address = '1/payment/a'

limits.after(async () => {
  redis.disconnect()
  await endLeftovers(folder.path)
  folder.drop()
})
limits.after.each(async () => {
  await redis.config('SET', 'maxmemory', '0')
  await redis.config('SET', 'maxmemory-policy', 'noeviction')
  await redis.flushdb()
})

const turn = (n: number, acks: Parameters<Partition['turn']>[0]['acks'] = []) =>
  partition.turn({ lease: 'w', turn: n, leaseMs: 5000, alarms: 9, maxFailures: 8, acks, want: { payment: 1 } })
const ring = () => partition.send(1000, [{ address: A, envelope: '!' }])

limits('out of memory: doorbells are refused, while acks, claims and leaves go on, as they make room', async () => {
  await ring()
  await turn(1)
  await redis.config('SET', 'maxmemory', '1')
  assert.match(String(await ring().catch((error: Error) => error.message)), /^OOM/)
  const { state } = await turn(2, [{ address: A, token: 'w:1', consumed: 1, outcome: 'ok', restMs: 0, nextMs: 60_000 }])
  assert.is(state, 'ok')
  assert.is(await redis.exists(`{0}:q:${A}`), 0)
  assert.is(await partition.leave('w', false, 8), 0)
})

limits('a Redis that would evict what it was told to keep is refused, with what to change', async () => {
  await checkRedis(redis)
  await redis.config('SET', 'maxmemory-policy', 'allkeys-lru')
  const error = await checkRedis(redis).catch((thrown: Error) => thrown.message)
  assert.match(String(error), /evicts keys .*set maxmemory-policy noeviction/)
})

limits('what only looks writes nothing, and runs on a full server', async () => {
  await redis.config('SET', 'maxmemory', '1')
  assert.is((await partition.gauges(['payment'])).leases, 0)
})

limits.run()
