import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { LEASE_MS } from '../../../runtime/limits.ts'
import { measureFlush } from './flushall.ts'
import { measureKills } from './kills.ts'
import { stopWorkers } from './stops.ts'

const test = suite('takeover, in small')
const quietly = () => {}

test('the work of a worker killed without a word is taken over within its lease and a second', async () => {
  const [ms] = await measureKills(1, quietly)
  assert.ok((ms as number) <= LEASE_MS + 1_000, `after ${ms} ms`)
})

test('workers stopped past their lease and woken again commit nothing and call no bank', async () => {
  const { stops, commits, bankCalls } = await stopWorkers(1, 3, quietly)
  assert.equal({ stops, commits, bankCalls }, { stops: 3, commits: 0, bankCalls: 0 })
})

test('an emptied Redis knows 20,000 open payments again within five seconds', async () => {
  const ms = await measureFlush(20_000)
  assert.ok(ms <= 5_000, `after ${ms} ms`)
})

test.run()
