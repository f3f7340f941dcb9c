/** BullMQ with very many delayed jobs: how late those start that come due. */
import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { serve } from '../kit/serve.ts'
import type { TimersAsked } from '../subjects/timers.ts'

const NAME = 'timers'
const JOBS_A_CALL = 1000
const CONCURRENCY = 100
const LONG_MS = 600_000

async function measure(redisUrl: string, { pending, due, fromMs, spreadMs }: TimersAsked): Promise<number[]> {
  const connection = new Redis(redisUrl, { maxRetriesPerRequest: null })
  const queue = new Queue<{ at: number }>(NAME, { connection })
  await fill(queue, pending, () => LONG_MS)
  const lateness: number[] = []
  let rung = () => {}
  const allRung = new Promise<void>((resolve) => {
    rung = resolve
  })
  const ring = async ({ data }: { data: { at: number } }) => {
    lateness.push(performance.timeOrigin + performance.now() - data.at)
    if (lateness.length === due) rung()
  }
  const worker = new Worker(NAME, ring, { connection: connection.duplicate(), concurrency: CONCURRENCY })
  worker.on('error', (error) => console.error(error))
  await worker.waitUntilReady()
  await fill(queue, due, (n) => fromMs + (spreadMs * n) / due)
  await allRung
  await worker.close()
  await queue.close()
  return lateness
}

async function fill(queue: Queue, jobs: number, delayOf: (n: number) => number): Promise<void> {
  for (let from = 0; from < jobs; from += JOBS_A_CALL) {
    const count = Math.min(JOBS_A_CALL, jobs - from)
    const timestamp = Date.now()
    await queue.addBulk(
      Array.from({ length: count }, (_, i) => {
        const delay = Math.ceil(delayOf(from + i))
        return { name: 'ring', data: { at: timestamp + delay }, opts: { delay, timestamp, removeOnComplete: true } }
      }),
    )
  }
}

serve({ measure })
