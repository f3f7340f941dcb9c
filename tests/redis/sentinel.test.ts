import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Fleet } from '../fleet/fleet.ts'
import { Receiver } from '../fleet/receiver.ts'
import { type FreshFolder, freshFolder } from '../support/folder.ts'
import { isFull } from './full.ts'
import { LocalSentinels } from './local-sentinels.ts'
import { underLoad } from './under-load.ts'

const test = suite('Redis Sentinel')
const full = isFull ? test : test.skip

let folder: FreshFolder
let group: LocalSentinels
let receiver: Receiver
let fleet: Fleet
test.before(async () => {
  folder = freshFolder()
  group = await LocalSentinels.start(folder.path)
  receiver = await Receiver.open()
  const chance = { TEST_MODE: 'false', UPI_SUCCESS_RATE: '0.8' }
  const delay = { PROCESSING_DELAY_MIN: '100', PROCESSING_DELAY_MAX: '900' }
  fleet = await Fleet.open({ redisUrl: group.url, settings: { ...chance, ...delay } })
  await fleet.merchant.sendWebhooksTo(receiver.url)
})
test.after(async () => {
  await fleet?.close()
  await receiver?.close()
  await group?.stop()
  folder?.drop()
})

test('is asked for its master, and the gateway works there', async () => {
  assert.ok((await underLoad(fleet, receiver, async () => {})) > 10)
  assert.is(await (await group.master()).client.exists('{0}:leases'), 1)
})

full('loses no payment in a planned failover', async () => {
  await underLoad(fleet, receiver, () => group.failover())
})

full('loses no payment when the master is killed', async () => {
  await underLoad(fleet, receiver, async () => {
    const master = await group.master()
    await master.kill()
    await group.hasMovedFrom(master)
  })
})

test.run()
