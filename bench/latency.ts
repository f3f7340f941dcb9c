/**
 * `latency`: how long somebody waits, when nothing else goes on and when about half of what is possible does - from a send to its
 * handler's start in the runtime, and from a POST to the webhook's arrival in the whole gateway.
 */
import type { Bench } from './kit/bench.ts'
import { Child } from './kit/child.ts'
import { atMost, type Result, told } from './kit/results.ts'
import { type Stack, type Stacks, startStacks } from './kit/stacks.ts'
import { percentile } from './kit/time.ts'

const PINGS = 500
const GAP_MS = 4
/** About half of what one worker carries. */
const SENDS_A_SECOND = { ours: 30_000, peer: 6_000 }
const FLOOD_MS = 4_500

const POSTS = 300
const POSTS_A_SECOND = 50
/** About half of what a stack carries. */
const BUSY_POSTS_A_SECOND = { ours: 1_500, peer: 500 }
const BUSY_MS = 4_000
const CONNECTIONS = 64

const SIDES = ['ours', 'peer'] as const
type Side = (typeof SIDES)[number]
/** ms, of both sides. */
type Latencies = Record<Side, number[]>

export async function latency(bench: Bench): Promise<Result[]> {
  const start = await startLatencies(bench)
  const webhook = await webhookLatencies(bench)
  return [
    atMost(1.5, line('latency-idle-p50', start.idle, 0.5)),
    atMost(10, line('latency-idle-p99', start.idle, 0.99)),
    told(line('latency-half-p50', start.busy, 0.5)),
    told(line('latency-half-p99', start.busy, 0.99)),
    told(line('latency-webhook-idle-p50', webhook.idle, 0.5)),
    told(line('latency-webhook-idle-p99', webhook.idle, 0.99)),
    told(line('latency-webhook-half-p50', webhook.busy, 0.5)),
    told(line('latency-webhook-half-p99', webhook.busy, 0.99)),
  ]
}

function line(name: string, { ours, peer }: Latencies, share: number) {
  return { name, unit: 'ms', ours: percentile(ours, share), peer: percentile(peer, share) }
}

/** From a send to its handler's start. */
async function startLatencies({ servers, say }: Bench): Promise<{ idle: Latencies; busy: Latencies }> {
  const idle: Latencies = { ours: [], peer: [] }
  const busy: Latencies = { ours: [], peer: [] }
  const files = { ours: 'bench/subjects/latency.ts', peer: 'bench/peers/latency.ts' }
  for (const [number, side] of SIDES.entries()) {
    const redisUrl = servers.redisUrl(number + 1)
    const worker = await Child.start(files[side])
    const others = await Child.start(files[side])
    await worker.call('listen', redisUrl)
    await worker.call('ask', redisUrl, PINGS / 5, GAP_MS)
    idle[side] = await worker.call<number[]>('ask', redisUrl, PINGS, GAP_MS)
    const flood = others.call<number>('flood', redisUrl, SENDS_A_SECOND[side], FLOOD_MS)
    busy[side] = await worker.call<number[]>('ask', redisUrl, PINGS, GAP_MS)
    await flood
    say(`send to handler's start, ${side}: ${text(idle[side])}; under load: ${text(busy[side])}`)
    await Promise.all([worker.end(), others.end()])
  }
  await servers.redis.flushall()
  return { idle, busy }
}

/** From a POST to the arrival of the webhook that it leads to. */
async function webhookLatencies({ servers, say }: Bench): Promise<{ idle: Latencies; busy: Latencies }> {
  const stacks = await startStacks(servers, 'latency')
  const idle: Latencies = { ours: [], peer: [] }
  const busy: Latencies = { ours: [], peer: [] }
  for (const side of SIDES) {
    const stack = stacks[side]
    const perSecond = BUSY_POSTS_A_SECOND[side]
    await measured(stacks, stack, 100, POSTS_A_SECOND)
    idle[side] = await measured(stacks, stack, POSTS, POSTS_A_SECOND)
    busy[side] = await measured(stacks, stack, (perSecond * BUSY_MS) / 1000, perSecond)
    say(`POST to webhook, ${side}: ${text(idle[side])}; under load: ${text(busy[side])}`)
  }
  await stacks.stop()
  return { idle, busy }
}

async function measured(
  stacks: Stacks,
  { empty, post }: Stack,
  requests: number,
  ratePerSecond: number,
): Promise<number[]> {
  await empty()
  const { sent } = await post({ connections: CONNECTIONS, requests, ratePerSecond, record: true })
  await stacks.delivered(requests)
  const arrivals = await stacks.arrivals()
  return sent.map(([id, atMs]) => (arrivals.get(id) as number) - atMs)
}

function text(latencies: number[]): string {
  return `p50 ${percentile(latencies, 0.5).toFixed(2)} ms, p99 ${percentile(latencies, 0.99).toFixed(2)} ms`
}
