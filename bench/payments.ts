/**
 * `payments`: from the POST to the merchant's server, with a bank that answers at once and one webhook each - beside the peer stack.
 * A round posts as fast as it is accepted and ends when the last webhook has come: load and drain together.
 */
import type { Bench } from './kit/bench.ts'
import { type Result, timesPeer, told } from './kit/results.ts'
import { alternate } from './kit/rounds.ts'
import { startCounting } from './kit/spent.ts'
import { type Stack, startStacks } from './kit/stacks.ts'

const CONNECTIONS = 128
/** A round of some seconds on either side. */
const OURS = 12_000
const PEERS = 4_000

const PROCESSES = ['api', 'worker', 'postgres', 'redis'] as const
type Figures = Record<'rate' | (typeof PROCESSES)[number], number>

export async function payments({ servers, say }: Bench): Promise<Result[]> {
  const stacks = await startStacks(servers, 'payments')

  async function measured({ api, worker, empty, post }: Stack, count: number): Promise<Figures> {
    await empty()
    const spent = startCounting(servers, { api: api.pid, worker: worker.pid })
    const { startedMs } = await post({ connections: CONNECTIONS, requests: count })
    const endedMs = await stacks.delivered(count)
    return { rate: (count * 1000) / (endedMs - startedMs), ...spent(count) } as Figures
  }

  const { ours, peer } = await alternate(
    { ours: () => measured(stacks.ours, OURS), peer: () => measured(stacks.peer, PEERS) },
    say,
  )
  await stacks.stop()
  return [
    timesPeer(4, { name: 'payments', unit: 'requests/s', ours: ours.rate, peer: peer.rate }),
    ...PROCESSES.map((process) => {
      return told({ name: `payments-cpu-${process}`, unit: 'us a payment', ours: ours[process], peer: peer[process] })
    }),
  ]
}
