/**
 * Many seeds of the fuzz, for whoever has changed a script:
 *
 *   TEST_REDIS_URL=redis://127.0.0.1:6379 node tests/fuzz/run.ts --mode faults --from 1 --seeds 100 --rounds 20
 */
import { parseArgs } from 'node:util'
import type { Redis } from 'ioredis'
import { openRedis, ready } from '../../runtime/redis.ts'
import { defineScripts } from '../../runtime/scripts.ts'
import { textUnderTest } from '../../runtime/testing/under-test.ts'
import { freshRedis } from '../support/index.ts'
import { Fuzz, type Mode } from './fuzz.ts'

const { values } = parseArgs({
  options: {
    mode: { type: 'string', default: 'calm' },
    from: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '20' },
    rounds: { type: 'string', default: '20' },
  },
})
const mode = values.mode as Mode
if (!['calm', 'faults', 'flush'].includes(mode)) throw new RangeError('--mode is calm, faults or flush')
const [from, seeds, rounds] = [values.from, values.seeds, values.rounds].map(Number) as [number, number, number]

const { url, drop } = await freshRedis()
const redis = openRedis(url, 'commands') as Redis
await ready(redis)
defineScripts(redis, textUnderTest)
let bad = 0
for (let seed = from; seed < from + seeds; seed++) {
  const report = await new Fuzz({ redis, seed, mode, rounds }).run()
  if (report.violations.length > 0) bad++
  console.log(report.violations.length > 0 ? 'BAD ' : 'good', JSON.stringify({ seed, ...report }))
}
console.log(`${mode}: ${bad} of ${seeds} seeds found something`)
redis.disconnect()
await drop()
process.exit(bad === 0 ? 0 : 1)
