/**
 * One seed of each mode that `npm test` has time for. More of them:
 *
 *   node tests/fuzz/run.ts --mode flush --seeds 100
 */
import type { Redis } from 'ioredis'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openRedis, ready } from '../../runtime/redis.ts'
import { defineScripts } from '../../runtime/scripts.ts'
import { textUnderTest } from '../../runtime/testing/under-test.ts'
import { freshRedis } from '../support/index.ts'
import { Fuzz } from './fuzz.ts'

const scripts = suite('fuzz of the scripts')
const { url, drop } = await freshRedis()
const redis = openRedis(url, 'commands') as Redis
await ready(redis)
defineScripts(redis, textUnderTest)

scripts.after(async () => {
  redis.disconnect()
  await drop()
})

scripts('calm: nothing is lost, repeated or out of order, and nobody is had twice', async () => {
  const { violations, sent, old } = await new Fuzz({ redis, seed: 1, mode: 'calm', rounds: 12 }).run()
  assert.equal(violations, [])
  assert.ok(sent >= 700 && old > 0)
})

scripts('faults: whatever dies, sleeps, is lost or comes late, everything is handled once', async () => {
  const { violations, killed, healed } = await new Fuzz({ redis, seed: 2, mode: 'faults', rounds: 6 }).run()
  assert.equal(violations, [])
  assert.ok(killed > 0 && healed > 0)
})

scripts.run()
