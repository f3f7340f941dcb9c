/**
 * `accept`: POST /payments, durable before the answer, with the workers off - beside the peer's API, and beside a bare route that only
 * validates, which is what nobody on Fastify passes.
 */
import type { Bench } from './kit/bench.ts'
import { Child } from './kit/child.ts'
import { Gateway, PAYMENT_CALL } from './kit/gateway.ts'
import { type Result, shareOfLimit, timesPeer, told } from './kit/results.ts'
import { alternate } from './kit/rounds.ts'
import { startCounting } from './kit/spent.ts'
import { PeerGateway } from './peers/gateway/gateway.ts'
import type { LoadResult } from './tools/load.ts'

const CONNECTIONS = 128
const DURATION_MS = 3_000

export async function accept({ servers, say }: Bench): Promise<Result[]> {
  const load = await Child.start('bench/tools/load.ts')
  const gateway = await Gateway.create(servers, 'accept_ours', 1)
  const api = await gateway.startApi()
  const peer = await PeerGateway.create(servers, 'accept_peer', 2, null)
  const peerApi = await peer.startApi()
  const bare = await Child.start('bench/peers/bare.ts')
  const bareApi = { process: bare, port: await bare.call<number>('listen') }

  async function measured({ process, port }: { process: Child; port: number }) {
    const spent = startCounting(servers, { api: process.pid })
    const call = { ...PAYMENT_CALL, port, connections: CONNECTIONS, durationMs: DURATION_MS }
    const { accepted, refused, ms } = await load.call<LoadResult>('run', call)
    if (refused > 0) throw new Error(`${refused} of ${accepted + refused} requests were refused`)
    return { rate: (accepted * 1000) / ms, ...spent(accepted) } as { rate: number; api: number; postgres: number }
  }
  const onEmpty = async (side: { empty(): Promise<void> }, itsApi: { process: Child; port: number }) => {
    await side.empty()
    await servers.redis.flushall()
    return await measured(itsApi)
  }

  const medians = await alternate(
    { ours: () => onEmpty(gateway, api), peer: () => onEmpty(peer, peerApi), bare: () => measured(bareApi) },
    say,
  )
  await Promise.all([load, api.process, peerApi.process, bare].map((process) => process.end()))
  const { ours, peer: theirs, bare: limit } = medians
  const rate = { unit: 'requests/s', ours: ours.rate, peer: theirs.rate, limit: limit.rate }
  return [
    timesPeer(6, { name: 'accept', ...rate }),
    shareOfLimit(0.5, { name: 'accept-limit', ...rate }),
    told({ name: 'accept-cpu-api', unit: 'us a request', ours: ours.api, peer: theirs.api, limit: limit.api }),
    told({ name: 'accept-cpu-postgres', unit: 'us a request', ours: ours.postgres, peer: theirs.postgres }),
  ]
}
