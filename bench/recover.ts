/**
 * `recover`: how long work stands still. After a worker was killed with its hands full, until another has begun all of it; and after
 * Redis has lost everything, until every open payment is known there again.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { LEASE_MS } from '../runtime/limits.ts'
import type { Bench } from './kit/bench.ts'
import { insertOpenPayments } from './kit/bulk.ts'
import { Child } from './kit/child.ts'
import { Gateway } from './kit/gateway.ts'
import { atMost, type Result } from './kit/results.ts'
import { nowMs } from './kit/time.ts'

const KILLS = 3
const HELD = 100
/** The other worker's sweep and the killed one's last heartbeat lie anywhere in their periods. */
const PHASE_MS = 700

const OPEN = 100_000
const DUE_IN_MS = 300_000
const KNOWN_LIMIT_MS = 60_000
const LOOK_MS = 20

export async function recover(bench: Bench): Promise<Result[]> {
  return [await kill(bench), await flush(bench)]
}

async function kill({ servers, say }: Bench): Promise<Result> {
  const settings = { lockDuration: LEASE_MS, stalledInterval: LEASE_MS }
  const taken: Record<'ours' | 'peer', number[]> = { ours: [], peer: [] }
  for (let n = 0; n < KILLS; n++) {
    await servers.redis.flushall()
    const [ours, peer] = await Promise.all([
      killOne('bench/subjects/hold.ts', [servers.redisUrl(1), HELD]),
      killOne('bench/peers/hold.ts', [servers.redisUrl(2), HELD, settings]),
    ])
    taken.ours.push(ours)
    taken.peer.push(peer)
    say(`kill ${n + 1}: taken over after ${Math.round(ours)} ms, by the peer after ${Math.round(peer)} ms`)
  }
  const [ours, peer] = [Math.max(...taken.ours), Math.max(...taken.peer)]
  return atMost(LEASE_MS + 1000, { name: 'recover-kill', unit: 'ms', ours, peer, limit: LEASE_MS })
}

async function killOne(file: string, args: unknown[]): Promise<number> {
  const [victim, heir] = await Promise.all([Child.start(file), Child.start(file)])
  await victim.call('hold', ...args)
  const takenOver = heir.call<number>('takeOver', ...args)
  await sleep(PHASE_MS * Math.random())
  victim.kill()
  const killedMs = nowMs()
  const ms = (await takenOver) - killedMs
  await heir.end()
  return ms
}

async function flush({ servers, say }: Bench): Promise<Result> {
  const number = 3
  await servers.redis.flushall()
  const gateway = await Gateway.create(servers, 'recover', number)
  const api = await gateway.startApi()
  await api.process.end()
  await insertOpenPayments(gateway, OPEN, DUE_IN_MS)
  const worker = await gateway.startWorker()
  const redis = servers.redis.duplicate({ db: number })
  await untilKnown(redis)
  await redis.flushall()
  const flushedMs = nowMs()
  await untilKnown(redis)
  const ms = nowMs() - flushedMs
  say(`FLUSHALL: ${OPEN} open payments known again after ${Math.round(ms)} ms`)
  redis.disconnect()
  await worker.end()
  return atMost(10_000, { name: 'recover-flush', unit: 'ms', ours: ms })
}

/** Every payment has its alarm, and the sweeper says that it is through. */
async function untilKnown(redis: Bench['servers']['redis']): Promise<void> {
  const limit = nowMs() + KNOWN_LIMIT_MS
  while ((await redis.zcard('{0}:due')) < OPEN || (await redis.exists('{0}:epoch')) === 0) {
    if (nowMs() > limit) throw new Error(`not all payments were known within ${KNOWN_LIMIT_MS} ms`)
    await sleep(LOOK_MS)
  }
}
