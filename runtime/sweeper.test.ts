import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { freshRedis } from '../tests/support/index.ts'
import type { Address } from './address.ts'
import { SWEEP_HORIZON_MS } from './limits.ts'
import { testAddress } from './testing/memory-storage.ts'
import { Rig } from './testing/rig.ts'

const sweeper = suite('sweeper')
const { url, drop } = await freshRedis()
const A = testAddress('a')
const MINUTE_MS = 60_000

let rig: Rig
const open = async (partitions = 1) => {
  rig = await Rig.open(url, { test: { handlers: { work: () => {}, fires: () => {} } } }, partitions)
}

sweeper.after.each(() => rig.close())
sweeper.after(drop)

const handled = (address: Address) =>
  rig.storage.until(() => rig.storage.actor(address).lastSeq > 0, `the command of ${address}`)
/** Until a sweeper has loaded everything once. */
const loaded = () => rig.settlesWhen(async () => (await rig.redis.exists('{0}:epoch')) === 1, 'the epoch to be set')
const alarmMs = async (address: Address) => {
  const [at, [seconds]] = await Promise.all([rig.redis.zscore('{0}:due', address), rig.redis.time()])
  return at === null ? null : Number(at) - Number(seconds) * 1000
}

sweeper('a doorbell that was lost is rung again, when the grace has passed and not before', async () => {
  await open()
  await rig.worker()
  const healed: number[] = []
  await rig.sweeper({ graceMs: 300, onHealed: (count) => healed.push(count) })
  await loaded()
  const created = Date.now()
  rig.storage.create(A)
  rig.storage.command(A, 'work')
  await handled(A)
  assert.ok(Date.now() - created >= 300, "within the grace it is nobody's business")
  assert.equal(healed, [1])
})

sweeper('a timer whose alarm was lost fires', async () => {
  await open()
  await rig.worker()
  await rig.sweeper({ graceMs: 100 })
  await loaded()
  rig.storage.create(A, { fires: -50 })
  await rig.storage.until(() => rig.storage.actor(A).wakeAt === null, 'the timer to fire')
})

sweeper('a Redis that lost its data: everything due within the horizon goes back, now or as an alarm', async () => {
  await open(4)
  const later = testAddress('later')
  const beyond = testAddress('beyond')
  const many = Array.from({ length: 2500 }, (_, i) => testAddress(`x${i}`))
  for (const address of many) {
    rig.storage.create(address)
    rig.storage.command(address, 'work')
  }
  rig.storage.create(later, { fires: 5 * MINUTE_MS })
  rig.storage.create(beyond, { fires: SWEEP_HORIZON_MS + MINUTE_MS })
  await rig.sweeper({ graceMs: MINUTE_MS })
  for (const time of ['at the first start', 'after a flush']) {
    await rig.settlesWhen(async () => (await rig.gauges()).ready === 2500, `2,500 to be ready ${time}`)
    const due = (await rig.alarms()).sort()
    assert.equal(due, [later], time)
    await rig.redis.flushdb()
  }
})

sweeper('a flush in the middle of a reload: it starts over', async () => {
  await open()
  const many = Array.from({ length: 2500 }, (_, i) => testAddress(`x${i}`))
  for (const address of many) {
    rig.storage.create(address)
    rig.storage.command(address, 'work')
  }
  const firstPage = rig.storage.faults.hold('owed')
  await rig.sweeper({ graceMs: MINUTE_MS })
  await firstPage.arrived
  const secondPage = rig.storage.faults.hold('owed')
  firstPage.release()
  await secondPage.arrived
  assert.is((await rig.gauges()).ready, 1000)
  await rig.redis.flushdb()
  secondPage.release()
  await loaded()
  assert.is((await rig.gauges()).ready, 2500)
})

sweeper('with workers at work a flush loses nothing', async () => {
  await open()
  const many = Array.from({ length: 200 }, (_, i) => testAddress(`x${i}`))
  await rig.sweeper({ graceMs: 200 })
  await rig.worker({ leaseMs: 1500 })
  await loaded()
  for (const [i, address] of many.entries()) {
    rig.storage.create(address)
    await rig.send(address, 'work')
    if (i % 80 === 40) await rig.redis.flushdb()
  }
  for (const address of many) await handled(address)
})

sweeper('a timer beyond the horizon gets its alarm when the horizon reaches it', async () => {
  await open()
  rig.storage.create(A, { fires: SWEEP_HORIZON_MS + MINUTE_MS })
  await rig.sweeper({ graceMs: MINUTE_MS })
  await loaded()
  assert.is(await alarmMs(A), null)
  const actor = rig.storage.actor(A)
  actor.wakeAt = Date.now() + SWEEP_HORIZON_MS - 1000
  // A new leader knows of no alarms, so it carries all of them at once: as a minute later the old one would.
  await rig.redis.del('{0}:sweeper')
  await rig.settlesWhen(async () => (await alarmMs(A)) !== null, 'the alarm to be set')
  const ms = (await alarmMs(A)) as number
  assert.ok(Math.abs(ms - SWEEP_HORIZON_MS) < 10_000, `${ms} ms`)
})

sweeper('whoever stays overdue for a reason does not hide the ones behind', async () => {
  await open()
  const stuck = Array.from({ length: 3500 }, (_, i) => testAddress(`stuck${i}`))
  await rig.sweeper({ graceMs: 100 })
  await loaded()
  for (const address of stuck) rig.storage.create(address, { fires: -MINUTE_MS })
  await rig.redis.zadd('{0}:parked', ...stuck.flatMap((address) => [Date.now() + 600 * MINUTE_MS, address]))
  for (const address of stuck) await rig.redis.rpush(`{0}:q:${address}`, '!')
  rig.storage.create(A, { fires: -1000 })
  await rig.settlesWhen(async () => (await rig.gauges()).ready === 1, 'the one behind to be found')
})

sweeper('one of two sweeps, and the other takes over when it stops', async () => {
  await open()
  const healed: string[] = []
  const first = await rig.sweeper({ graceMs: 100, onHealed: () => healed.push('first') })
  await loaded()
  await rig.sweeper({ graceMs: 100, onHealed: () => healed.push('second') })
  rig.storage.create(A, { fires: -1000 })
  await rig.settlesWhen(() => healed.length > 0, 'the first to heal')
  await first.stop()
  rig.storage.create(testAddress('b'), { fires: -1000 })
  await rig.settlesWhen(() => healed.length > 1, 'the second to heal')
  assert.equal(healed, ['first', 'second'])
})

sweeper('a store that is away is reported, and swept when it is back', async () => {
  await open()
  rig.storage.faults.away = true
  await rig.sweeper({ graceMs: 100 })
  rig.storage.create(A, { fires: -1000 })
  await rig.settlesWhen(() => rig.errors.length > 0, 'the outage to be reported')
  assert.is(await rig.redis.exists('{0}:epoch'), 0, 'nothing was loaded, and nobody says so')
  rig.storage.faults.away = false
  await rig.settlesWhen(async () => (await rig.gauges()).ready === 1, 'the sweep')
})

sweeper.run()
