/**
 * `flat`: what a message, a sweep and a page of a list cost with a thousand, a hundred thousand and a million open payments - each size
 * a gateway of its own, all three there at once and asked in turns. Cost is CPU time where others may wait for the machine, too.
 */
import type { Bench } from './kit/bench.ts'
import { bytesAPayment } from './kit/redis-bytes.ts'
import { flatWithin, type Result, told } from './kit/results.ts'
import { alternate } from './kit/rounds.ts'
import { openSize, type Size } from './kit/size.ts'

const SIZES = { '1 k': 1_000, '100 k': 100_000, '1 M': 1_000_000 }
type Name = keyof typeof SIZES

export async function flat(bench: Bench): Promise<Result[]> {
  const { servers, say } = bench
  await servers.redis.flushall()
  const sizes = {} as Record<Name, Size>
  for (const [i, name] of (Object.keys(SIZES) as Name[]).entries()) {
    sizes[name] = await openSize(servers, i + 1, SIZES[name])
    say(`${name} open payments`)
  }
  const inTurns = (cost: (size: Size) => Promise<number>) => {
    const side = (name: Name) => async () => ({ cost: await cost(sizes[name]) })
    return alternate({ '1 k': side('1 k'), '100 k': side('100 k'), '1 M': side('1 M') }, say)
  }
  const sweep = await inTurns((size) => size.sweepMs())
  await Promise.all(Object.values(sizes).map((size) => size.startWorker()))
  const message = await inTurns((size) => size.messageUs())
  const first = await inTurns((size) => size.pageMs(null))
  const later = await inTurns((size) => size.pageMs(size.page1000))
  await Promise.all(Object.values(sizes).map((size) => size.stop()))
  const bytes = await bytesAPayment(servers)

  const line = (name: string, unit: string, costs: Record<Name, { cost?: number }>) => {
    return flatWithin(1.2, { name, unit, ours: costs['1 M'].cost as number, limit: costs['1 k'].cost as number })
  }
  return [
    line('flat-message', 'us', message),
    line('flat-sweep', 'ms', sweep),
    line('flat-list', 'ms', first),
    line('flat-list-page-1000', 'ms', later),
    told({ name: 'redis-bytes-idle', unit: 'bytes', ours: bytes.idle }),
    told({ name: 'redis-bytes-scheduled', unit: 'bytes', ours: bytes.scheduled }),
    told({ name: 'redis-bytes-ready', unit: 'bytes', ours: bytes.ready }),
  ]
}
