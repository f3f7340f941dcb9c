/**
 * `runtime`: no-op messages through one worker process, one and four an actor, beside BullMQ's no-op jobs. Both drain what was sent
 * before, from the worker's start until the last one is acknowledged.
 */
import type { Bench } from './kit/bench.ts'
import { Child } from './kit/child.ts'
import { atMost, type Result, timesPeer, told } from './kit/results.ts'
import { alternate, best } from './kit/rounds.ts'

const ACTORS = 120_000
const JOBS = 20_000
/** Its best is looked for in the warm-up, among these. */
const PEER_CONCURRENCIES = [50, 100, 200, 400]

interface Drained {
  ms: number
  commands: number
}

export async function runtime({ servers, say }: Bench): Promise<Result[]> {
  const ours = await Child.start('bench/subjects/throughput.ts')
  const peer = await Child.start('bench/peers/throughput.ts')
  const redisUrl = servers.redisUrl()

  const measured = async (messages: number, fill: () => Promise<unknown>, drain: () => Promise<Drained>) => {
    await servers.redis.flushall()
    await fill()
    const cpuMs = servers.redisCpuMs()
    const { ms, commands } = await drain()
    return {
      rate: (messages * 1000) / ms,
      trips: commands / messages,
      redisUs: ((servers.redisCpuMs() - cpuMs) * 1000) / messages,
    }
  }
  const oursWith = (actors: number, each: number) => () =>
    measured(
      actors * each,
      () => ours.call('fill', redisUrl, actors, each),
      () => ours.call('drain', redisUrl, actors, each),
    )
  const peerWith = (concurrency: number) => () =>
    measured(
      JOBS,
      () => peer.call('fill', redisUrl, JOBS),
      () => peer.call('drain', redisUrl, JOBS, concurrency),
    )

  const concurrency = await best(PEER_CONCURRENCIES, async (n) => (await peerWith(n)()).rate)
  say(`BullMQ does best with a concurrency of ${concurrency}`)
  const medians = await alternate(
    {
      'ours, 1 an actor': oursWith(ACTORS, 1),
      'ours, 4 an actor': oursWith(ACTORS / 2, 4),
      BullMQ: peerWith(concurrency),
    },
    say,
  )
  await Promise.all([ours.end(), peer.end()])
  await servers.redis.flushall()
  const one = medians['ours, 1 an actor']
  const four = medians['ours, 4 an actor']
  const { rate, trips, redisUs } = medians.BullMQ
  return [
    timesPeer(6, { name: 'runtime-1', unit: 'messages/s', ours: one.rate, peer: rate }),
    timesPeer(20, { name: 'runtime-4', unit: 'messages/s', ours: four.rate, peer: rate }),
    atMost(0.02, { name: 'runtime-round-trips', unit: 'a message', ours: one.trips, peer: trips }),
    told({ name: 'runtime-redis-cpu', unit: 'us a message', ours: one.redisUs, peer: redisUs }),
  ]
}
