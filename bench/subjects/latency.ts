/** Our runtime as one worker process that mostly waits: how long after a send its handler starts. */
import { setTimeout as sleep } from 'node:timers/promises'
import { connectClient, type RuntimeClient } from '../../runtime/client.ts'
import { startWorker } from '../../runtime/worker.ts'
import { ping, Starts } from '../kit/pings.ts'
import { serve } from '../kit/serve.ts'
import { nowMs } from '../kit/time.ts'
import { addressOf, bottomlessStore, KIND, NO_STORAGE, noopActor } from './actors.ts'

const starts = new Starts()
const PREFIX = addressOf('').length

async function listen(redisUrl: string): Promise<void> {
  const work = (_state: object, _message: unknown, turn: { address: string }) => starts.note(turn.address.slice(PREFIX))
  await startWorker({
    redisUrl,
    partitions: 1,
    actors: [noopActor(bottomlessStore(1), { work })],
    onError: (error) => console.error(error),
  })
}

/** Connected: a doorbell that is rung before is lost, and left to the sweep. */
async function connect(redisUrl: string): Promise<RuntimeClient> {
  const client = connectClient({ redisUrl, partitions: 1, kinds: [KIND], storage: NO_STORAGE })
  while (!(await client.gauges().catch(() => null))) await sleep(10)
  return client
}

/** Sends one message to a new actor, and then another. Answers how long each took to be started, ms. */
async function ask(redisUrl: string, count: number, gapMs: number): Promise<number[]> {
  const client = await connect(redisUrl)
  const latencies = await ping(starts, count, gapMs, (id) => client.send([addressOf(id)]))
  await client.close()
  return latencies
}

/** Sends to new actors, evenly, for so long: the load of somebody else. */
async function flood(redisUrl: string, perSecond: number, durationMs: number): Promise<number> {
  const client = await connect(redisUrl)
  const startedMs = nowMs()
  let sent = 0
  await new Promise<void>((resolve) => {
    const pace = setInterval(() => {
      const elapsedMs = nowMs() - startedMs
      for (; sent < (elapsedMs * perSecond) / 1000; sent++) client.send([addressOf(`flood-${sent}`)])
      if (elapsedMs < durationMs) return
      clearInterval(pace)
      resolve()
    }, 1)
  })
  await client.close()
  return sent
}

serve({ listen, ask, flood })
