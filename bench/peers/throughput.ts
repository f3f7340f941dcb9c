/** BullMQ as one worker process that drains what was added before: how many no-op jobs a second it carries. */
import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { commandsSent } from '../kit/commands.ts'
import { JOB } from '../kit/job.ts'
import { serve } from '../kit/serve.ts'
import { nowMs } from '../kit/time.ts'

const NAME = 'noop'
const JOBS_A_CALL = 1000

function connection(url: string): Redis {
  return new Redis(url, { maxRetriesPerRequest: null })
}

async function fill(redisUrl: string, jobs: number): Promise<void> {
  const redis = connection(redisUrl)
  const queue = new Queue(NAME, { connection: redis })
  const data = JSON.parse(JOB)
  for (let from = 0; from < jobs; from += JOBS_A_CALL) {
    const count = Math.min(JOBS_A_CALL, jobs - from)
    await queue.addBulk(Array.from({ length: count }, () => ({ name: 'work', data, opts: { removeOnComplete: true } })))
  }
  await queue.close()
  redis.disconnect()
}

async function drain(redisUrl: string, jobs: number, concurrency: number) {
  let left = jobs
  let done = () => {}
  const drained = new Promise<void>((resolve) => {
    done = resolve
  })
  const redis = connection(redisUrl)
  const sentBefore = commandsSent()
  const startedMs = nowMs()
  const worker = new Worker(NAME, async () => {}, { connection: redis, concurrency })
  worker.on('completed', () => {
    if (--left === 0) done()
  })
  worker.on('error', (error) => console.error(error))
  await drained
  const ms = nowMs() - startedMs
  const commands = commandsSent() - sentBefore
  await worker.close()
  redis.disconnect()
  return { ms, commands }
}

serve({ fill, drain })
