import { hostname } from 'node:os'
import calculateSlot from 'cluster-key-slot'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { partitionPrefix } from '../../runtime/partitions.ts'
import { until } from '../contract/until.ts'
import { Fleet } from '../fleet/fleet.ts'
import { Receiver } from '../fleet/receiver.ts'
import type { RoleProcess } from '../fleet/role.ts'
import { type FreshFolder, freshFolder } from '../support/folder.ts'
import { isFull } from './full.ts'
import { LocalCluster } from './local-cluster.ts'
import type { RedisNode } from './node.ts'
import { underLoad } from './under-load.ts'

const test = suite('Redis Cluster')
const full = isFull ? test : test.skip

const PARTITIONS = 16
const SLOTS = Array.from({ length: PARTITIONS }, (_, p) => calculateSlot(partitionPrefix(p, PARTITIONS)))

let folder: FreshFolder
let cluster: LocalCluster
let receiver: Receiver
let fleet: Fleet
test.before(async () => {
  folder = freshFolder()
  cluster = await LocalCluster.start(folder.path)
  receiver = await Receiver.open()
  const chance = { TEST_MODE: 'false', UPI_SUCCESS_RATE: '0.8' }
  const delay = { PROCESSING_DELAY_MIN: '100', PROCESSING_DELAY_MAX: '900' }
  fleet = await Fleet.open({ redisUrl: cluster.url, settings: { ...chance, ...delay } })
  await fleet.merchant.sendWebhooksTo(receiver.url)
})
test.after(async () => {
  await fleet?.close()
  await receiver?.close()
  await cluster?.stop()
  folder?.drop()
})

test('spreads the partitions over all masters, and carries payments to their ends', async () => {
  const count = await underLoad(fleet, receiver, async () => {})
  assert.ok(count > 10)
  const masters = await cluster.masters()
  const leases = await Promise.all(masters.map(async ({ client }) => (await client.keys('*:leases')).length))
  assert.is(
    leases.reduce((sum, n) => sum + n),
    PARTITIONS,
  )
  for (const n of leases) assert.ok(n >= 5 && n <= 6, `partitions by master: ${leases}`)
})

full('loses no payment when a replica takes over', async () => {
  await underLoad(fleet, receiver, async () => {
    for (const replica of await cluster.replicas()) await cluster.failover(replica)
  })
})

full('loses no payment while slots move to another master and back', async () => {
  await underLoad(fleet, receiver, async () => {
    for (let round = 0; round < 2; round++) {
      const masters = await cluster.masters()
      for (const slot of SLOTS) {
        const from = await ownerOf(slot, masters)
        await cluster.migrate(slot, from, masters.find((master) => master !== from) as RedisNode)
      }
    }
  })
})

full('loses no payment when a master is killed', async () => {
  await underLoad(fleet, receiver, async () => {
    const [victim] = await cluster.masters()
    await victim?.kill()
    await until(() => cluster.isWhole(), 30_000)
    await until(async () => (await cluster.masters()).length === 3, 30_000)
  })
})

full('gives a worker that joins its share within a second, and misses none that leaves', async () => {
  const turnsOf = (pid: number, sinceMs: number) =>
    fleet.number(
      `select count(*)::int as n from journal
       where entry ->> 'worker' = $1 and at > clock_timestamp() - $2::int * interval '1 ms'`,
      [`${hostname()}-${pid}`, sinceMs],
    )
  await underLoad(fleet, receiver, async () => {
    const joined = await fleet.startWorker()
    await until(async () => (await turnsOf(joined.pid, 60_000)) > 0, 1_000)
    const left = fleet.workers.shift() as RoleProcess
    await left.stop()
    const [other] = fleet.workers as [RoleProcess]
    await until(async () => (await turnsOf(joined.pid, 1_000)) > 0 && (await turnsOf(other.pid, 1_000)) > 0, 1_000)
  })
})

async function ownerOf(slot: number, masters: RedisNode[]): Promise<RedisNode> {
  for (const master of masters) {
    const ranges = (await master.ask('CLUSTER', 'SLOTS')) as [number, number, [string, number]][]
    const range = ranges.find(([from, to]) => from <= slot && slot <= to)
    const owner = masters.find(({ port }) => port === range?.[2][1])
    if (owner) return owner
  }
  throw new Error(`nobody serves slot ${slot}`)
}

test.run()
