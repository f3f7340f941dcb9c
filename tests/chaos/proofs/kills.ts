/**
 * How long the work of a killed worker lies idle when nobody tells Redis of its death: from SIGKILL until others hold, or have
 * ended, everything that it held. A slow receiver keeps claims in its hands, so that there is something to take over.
 */
import { Redis } from 'ioredis'
import { monotonicMs } from '../../../runtime/clock.ts'
import { until } from '../../contract/until.ts'
import { Fleet } from '../../fleet/fleet.ts'
import { Receiver } from '../../fleet/receiver.ts'
import type { RoleProcess } from '../../fleet/role.ts'

const OWN = '{0}:own'
const WORKERS = 3
/** Each makes three webhooks. */
const PAYMENTS_A_KILL = 12
const LIMIT_MS = 30_000

/** ms from kill to takeover, one a kill. */
export async function measureKills(kills: number, say: (line: string) => void): Promise<number[]> {
  const receiver = await Receiver.open(() => 200, 4_000)
  const fleet = await Fleet.open({ workers: WORKERS, ownServers: true })
  const redis = new Redis(fleet.redisUrl)
  const measured: number[] = []
  try {
    await fleet.merchant.sendWebhooksTo(receiver.url)
    for (let n = 0; n < kills; n++) {
      const victim = fleet.workers[0] as RoleProcess
      await busy(fleet, redis, victim)
      fleet.workers.shift()
      const since = monotonicMs()
      await victim.kill()
      await until(async () => (await held(redis, victim)) === 0, LIMIT_MS)
      measured.push(Math.round(monotonicMs() - since))
      say(`kill ${n + 1} of ${kills}: taken over after ${measured.at(-1)} ms`)
      await fleet.startWorker()
    }
    return measured
  } finally {
    redis.disconnect()
    await fleet.close()
    await receiver.close()
  }
}

/** Settles when the worker has something in its hands. */
async function busy(fleet: Fleet, redis: Redis, worker: RoleProcess): Promise<void> {
  await until(async () => {
    if ((await held(redis, worker)) > 0) return true
    await Promise.all(Array.from({ length: PAYMENTS_A_KILL }, () => fleet.merchant.pay()))
    return false
  }, LIMIT_MS)
}

async function held(redis: Redis, worker: RoleProcess): Promise<number> {
  const tokens = await redis.hvals(OWN)
  return tokens.filter((token) => [...worker.leases].some((lease) => token.startsWith(`${lease}:`))).length
}
