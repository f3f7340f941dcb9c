/** What each fault does to the world. Each ends what it began, so that the next one finds a world that works, more or less. */
import { setTimeout as sleep } from 'node:timers/promises'
import { monotonicMs } from '../../runtime/clock.ts'
import type { Member } from './member.ts'
import type { Random } from './random.ts'
import type { FaultName } from './schedule.ts'
import type { Takeovers } from './takeover.ts'
import type { World } from './world.ts'

export interface Breaking {
  world: World
  random: Random
  takeovers: Takeovers
}

/** Breaks, and mends what has to be mended; answers what exactly it did. */
type Fault = (breaking: Breaking) => Promise<string>

/** A lease is 5 s. */
const LEASE_MS = 5_000
/** Waits so long for a worker to have a payment in hand. */
const IN_HAND_MS = 5_000

export const FAULTS: Record<FaultName, Fault> = {
  'kill a worker': async ({ world, random, takeovers }) => {
    const worker = await someWorker(world, random)
    if (!worker) return 'no worker was up'
    const pause = random.between(0, 4_000)
    takeovers.watch(worker)
    await worker.kill()
    await sleep(pause)
    await worker.comeUp()
    return `${worker.name}, another after ${pause} ms`
  },
  'stop a worker briefly': async ({ world, random }) => {
    const ms = random.between(300, LEASE_MS - 1_000)
    return await stopWorker(await someWorker(world, random), ms)
  },
  'stop a worker past its lease': async ({ world, random }) => {
    const ms = random.between(LEASE_MS + 300, LEASE_MS + 4_000)
    const worker = await someWorker(world, random)
    const held = worker ? await paymentsHeld(world, worker) : 0
    return `${await stopWorker(worker, ms)}, with ${held} payments in its hands`
  },
  'kill the API': async ({ world: { api }, random }) => {
    if (!api.isUp) return 'it was not up'
    await api.kill()
    await sleep(random.between(0, 1_500))
    await api.comeUp()
    return 'and started again'
  },
  'step a clock': async ({ world, random }) => {
    const member = random.pick(world.members)
    const offset = random.pick([-3_600_000, -7_000, -1_500, 1_500, 7_000, 3_600_000])
    member.stepClock(offset)
    await sleep(random.between(2_000, 8_000))
    member.stepClock(0)
    return `${member.name} by ${offset / 1_000} s, and back`
  },
  'cut a wire': async ({ world, random }) => {
    const link = random.pick(world.links)
    const ms = random.between(100, 4_000)
    link.cut()
    await sleep(ms)
    link.heal()
    return `${link.name}, ${ms} ms`
  },
  'freeze a wire': async ({ world, random }) => {
    const link = random.pick(world.links)
    const ms = random.between(500, 8_000)
    link.freeze()
    await sleep(ms)
    link.heal()
    return `${link.name}, ${ms} ms`
  },
  'kill Redis connections': async ({ world: { redis } }) => {
    const killed = await redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
    return `${killed} connections`
  },
  'flush Redis': async ({ world: { redis } }) => {
    const keys = await redis.dbsize()
    await redis.flushall()
    return `${keys} keys`
  },
  'flush Redis scripts': async ({ world: { redis } }) => {
    await redis.script('FLUSH')
    return 'all'
  },
  'restart Redis': async ({ world: { servers }, random }) => {
    await servers.stopRedis()
    await sleep(random.between(0, 3_000))
    await servers.startRedis()
    return 'it came back empty'
  },
  'pause Redis': async ({ world: { servers }, random }) => {
    const ms = random.between(500, 7_000)
    const { redis } = servers.pids
    process.kill(redis, 'SIGSTOP')
    await sleep(ms)
    process.kill(redis, 'SIGCONT')
    return `${ms} ms`
  },
  'fill Redis up': async ({ world: { redis }, random }) => {
    const ms = random.between(1_000, 5_000)
    await redis.config('SET', 'maxmemory', '1')
    await sleep(ms)
    await redis.config('SET', 'maxmemory', '0')
    return `out of memory for ${ms} ms`
  },
  'restart Postgres': async ({ world: { servers }, random }) => {
    await servers.stopPostgres()
    await sleep(random.between(0, 2_000))
    await servers.startPostgres()
    return 'fast shutdown'
  },
  'end Postgres connections': async ({ world: { database } }) => {
    const text = `select count(pg_terminate_backend(pid))::int as n from pg_stat_activity
      where backend_type = 'client backend' and pid <> pg_backend_pid() and application_name <> 'chaos'`
    const [row] = await database.run<{ n: number }>({ name: '', text }, [])
    return `${row?.n} connections`
  },
  'kill the bank': async ({ world: { bank }, random }) => {
    await bank.kill()
    await sleep(random.between(0, 3_000))
    await bank.start()
    return 'its books stayed'
  },
  'pause the bank': async ({ world: { bank }, random }) => {
    const ms = random.between(1_000, 12_000)
    bank.freeze()
    await sleep(ms)
    bank.thaw()
    return `${ms} ms`
  },
  'kill the receivers': async ({ world: { receivers }, random }) => {
    await receivers.kill()
    await sleep(random.between(0, 3_000))
    await receivers.start()
    return 'and started again'
  },
}

async function stopWorker(worker: Member | null, ms: number): Promise<string> {
  if (!worker) return 'no worker was up'
  worker.freeze()
  await sleep(ms)
  worker.thaw()
  return `${worker.name}, ${ms} ms`
}

/**
 * How many payments a worker has in hand, once it has any; waits for that. One that is stopped with empty hands can do nothing
 * wrong when it wakes, and would prove nothing.
 */
async function paymentsHeld({ redis }: World, worker: Member): Promise<number> {
  const until = monotonicMs() + IN_HAND_MS
  for (;;) {
    const leases = [...(worker.process?.leases ?? [])]
    const own = Object.entries(await redis.hgetall('{0}:own'))
    const held = own.filter(([address, token]) => {
      return address.includes('/payment/') && leases.some((lease) => token.startsWith(`${lease}:`))
    })
    if (held.length > 0 || monotonicMs() > until) return held.length
    await sleep(5)
  }
}

/** One that is up, and it is waited for a moment if none is. */
async function someWorker(world: World, random: Random): Promise<Member | null> {
  for (let tries = 0; tries < 20; tries++) {
    const up = world.workers.filter(({ isUp }) => isUp)
    if (up.length > 0) return random.pick(up)
    await sleep(200)
  }
  return null
}
