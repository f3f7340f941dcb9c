/** BullMQ as one worker process that mostly waits: how long after an add its processor starts. */
import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { JOB } from '../kit/job.ts'
import { ping, Starts } from '../kit/pings.ts'
import { serve } from '../kit/serve.ts'
import { nowMs } from '../kit/time.ts'

const NAME = 'latency'
const CONCURRENCY = 100
const data = JSON.parse(JOB)
const opts = { removeOnComplete: true }

const starts = new Starts()

async function listen(redisUrl: string): Promise<void> {
  const connection = new Redis(redisUrl, { maxRetriesPerRequest: null })
  const worker = new Worker(NAME, async (job) => starts.note(job.name), { connection, concurrency: CONCURRENCY })
  worker.on('error', (error) => console.error(error))
  await worker.waitUntilReady()
}

async function ask(redisUrl: string, count: number, gapMs: number): Promise<number[]> {
  const connection = new Redis(redisUrl, { maxRetriesPerRequest: null })
  const queue = new Queue(NAME, { connection })
  const latencies = await ping(starts, count, gapMs, (id) => queue.add(id, data, opts))
  await queue.close()
  connection.disconnect()
  return latencies
}

async function flood(redisUrl: string, perSecond: number, durationMs: number): Promise<number> {
  const connection = new Redis(redisUrl, { maxRetriesPerRequest: null })
  const queue = new Queue(NAME, { connection })
  const startedMs = nowMs()
  const adds: Promise<unknown>[] = []
  await new Promise<void>((resolve) => {
    const pace = setInterval(() => {
      const elapsedMs = nowMs() - startedMs
      while (adds.length < (elapsedMs * perSecond) / 1000) adds.push(queue.add('work', data, opts))
      if (elapsedMs < durationMs) return
      clearInterval(pace)
      resolve()
    }, 1)
  })
  await Promise.all(adds)
  await queue.close()
  connection.disconnect()
  return adds.length
}

serve({ listen, ask, flood })
