/** BullMQ as a worker process that never ends what it begins, and as one that takes over from it: its stalled-job recovery. */
import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { serve } from '../kit/serve.ts'
import { nowMs } from '../kit/time.ts'

const NAME = 'held'

/** As long as our lease. Its defaults are 30 s each; the interval is how often a worker looks for locks that ran out. */
interface Settings {
  lockDuration: number
  stalledInterval: number
}

async function hold(redisUrl: string, jobs: number, settings: Settings): Promise<void> {
  const connection = new Redis(redisUrl, { maxRetriesPerRequest: null })
  const queue = new Queue(NAME, { connection })
  await queue.addBulk(Array.from({ length: jobs }, () => ({ name: 'work', data: {} })))
  await begin(redisUrl, jobs, settings, () => new Promise<void>(() => undefined))
}

async function takeOver(redisUrl: string, jobs: number, settings: Settings): Promise<number> {
  await begin(redisUrl, jobs, settings, () => Promise.resolve())
  return nowMs()
}

async function begin(redisUrl: string, jobs: number, settings: Settings, end: () => Promise<void>): Promise<void> {
  let left = jobs
  await new Promise<void>((resolve) => {
    const work = () => {
      if (--left === 0) resolve()
      return end()
    }
    const connection = new Redis(redisUrl, { maxRetriesPerRequest: null })
    new Worker(NAME, work, { connection, concurrency: jobs, ...settings }).on('error', (error) => console.error(error))
  })
}

serve({ hold, takeOver })
