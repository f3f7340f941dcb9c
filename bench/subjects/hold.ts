/** Our runtime as a worker process that never ends what it begins, and as one that takes over from it. */

import { openRedis, ready } from '../../runtime/redis.ts'
import { defineScripts, Partition } from '../../runtime/scripts.ts'
import { startWorker } from '../../runtime/worker.ts'
import { serve } from '../kit/serve.ts'
import { nowMs } from '../kit/time.ts'
import { addressOf, bottomlessStore, noopActor } from './actors.ts'

/** Begins so many, and ends none. Settles once it has begun them all. */
async function hold(redisUrl: string, actors: number): Promise<void> {
  const redis = openRedis(redisUrl, 'commands')
  await ready(redis)
  defineScripts(redis)
  const doorbells = Array.from({ length: actors }, (_, n) => ({ address: addressOf(`held-${n}`), envelope: 'work' }))
  await new Partition(redis, '{0}:').send(1000, doorbells)
  await begin(redisUrl, actors, () => new Promise<void>(() => undefined))
}

/** Begins so many and ends them. Answers when it had begun the last, ms of the machine's clock. */
async function takeOver(redisUrl: string, actors: number): Promise<number> {
  await begin(redisUrl, actors, () => Promise.resolve())
  return nowMs()
}

async function begin(redisUrl: string, actors: number, end: () => Promise<void>): Promise<void> {
  let left = actors
  await new Promise<void>((resolve, reject) => {
    const work = () => {
      if (--left === 0) resolve()
      return end()
    }
    startWorker({
      redisUrl,
      partitions: 1,
      actors: [noopActor(bottomlessStore(1), { work })],
      onError: (error) => console.error(error),
    }).catch(reject)
  })
}

serve({ hold, takeOver })
