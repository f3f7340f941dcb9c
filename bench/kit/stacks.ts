/** Both gateways whole, side by side: an API, a worker, and a merchant's server that hears of each payment's success. */
import { PeerGateway } from '../peers/gateway/gateway.ts'
import type { Load, LoadResult } from '../tools/load.ts'
import { Child } from './child.ts'
import { Gateway, PAYMENT_CALL } from './gateway.ts'
import type { Servers } from './servers.ts'

const EVENT = 'payment.success'
const DRAIN_LIMIT_MS = 60_000

export interface Stack {
  api: Child
  worker: Child
  /** Forgets the payments before. */
  empty(): Promise<void>
  /** Posts payments as `how` says; throws when one is refused. */
  post(how: Pick<Load, 'connections'> & Partial<Load>): Promise<LoadResult>
}

export interface Stacks {
  ours: Stack
  peer: Stack
  /** When the webhook of the last of so many payments came, ms. */
  delivered(count: number): Promise<number>
  /** When each payment's webhook came, ms by id. */
  arrivals(): Promise<Map<string, number>>
  stop(): Promise<void>
}

/** `name` tells their databases from those of other benchmarks. */
export async function startStacks(servers: Servers, name: string): Promise<Stacks> {
  const load = await Child.start('bench/tools/load.ts')
  const receiver = await Child.start('bench/tools/receiver.ts')
  const receiverPort = await receiver.call<number>('listen')

  const gateway = await Gateway.create(servers, `${name}_ours`, 1)
  const api = await gateway.startApi()
  await gateway.subscribe(receiverPort, EVENT)
  const ours = stack(gateway, api, await gateway.startWorker())

  const peerGateway = await PeerGateway.create(servers, `${name}_peer`, 2, receiverPort)
  const peer = stack(peerGateway, await peerGateway.startApi(), await peerGateway.startWorker())

  function stack(
    side: { empty(): Promise<void> },
    { process, port }: { process: Child; port: number },
    worker: Child,
  ): Stack {
    return {
      api: process,
      worker,
      async empty() {
        await side.empty()
        await receiver.call('reset')
      },
      async post(how) {
        const result = await load.call<LoadResult>('run', { ...PAYMENT_CALL, ...how, port })
        if (result.refused > 0) throw new Error(`${result.refused} requests were refused`)
        return result
      },
    }
  }

  return {
    ours,
    peer,
    delivered: (count) => receiver.call<number>('until', count, DRAIN_LIMIT_MS),
    arrivals: async () => new Map(await receiver.call<[string, number][]>('arrivals')),
    async stop() {
      await Promise.all([load, receiver, ours.api, ours.worker, peer.api, peer.worker].map((process) => process.end()))
      await servers.redis.flushall()
    },
  }
}
