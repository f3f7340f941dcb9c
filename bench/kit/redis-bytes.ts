/** What a payment takes of Redis's memory while nothing is due to it, while it has an alarm, and while it waits for a worker. */

import type { Address } from '../../runtime/address.ts'
import { openRedis, ready } from '../../runtime/redis.ts'
import { defineScripts, Partition } from '../../runtime/scripts.ts'
import type { Servers } from './servers.ts'

const PAYMENTS = 100_000
const A_CALL = 250

export async function bytesAPayment(servers: Servers): Promise<{ idle: number; scheduled: number; ready: number }> {
  const redis = openRedis(servers.redisUrl(), 'commands')
  await ready(redis)
  defineScripts(redis)
  const partition = new Partition(redis, '{0}:')
  const used = async () => Number(/used_memory:(\d+)/.exec(await servers.redis.info('memory'))?.[1])
  const each = async (put: (addresses: Address[]) => Promise<unknown>): Promise<number> => {
    await servers.redis.flushall()
    const before = await used()
    for (let from = 0; from < PAYMENTS; from += A_CALL) {
      await put(
        Array.from({ length: A_CALL }, (_, i): Address => `1/payment/pay_${String(from + i).padStart(16, '0')}`),
      )
    }
    return Math.round(((await used()) - before) / PAYMENTS)
  }
  const bytes = {
    // Nobody knows of it: there is nothing to put.
    idle: await each(async () => undefined),
    scheduled: await each((addresses) => partition.nudge(addresses.map((address) => ({ address, inMs: 300_000 })))),
    ready: await each((addresses) =>
      partition.send(
        1_000,
        addresses.map((address) => ({ address, envelope: 'process' })),
      ),
    ),
  }
  await servers.redis.flushall()
  redis.disconnect()
  return bytes
}
