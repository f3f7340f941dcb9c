/** Our runtime as one worker process that drains what was sent before: how many messages a second it carries. */
import { openRedis, ready } from '../../runtime/redis.ts'
import { defineScripts, Partition } from '../../runtime/scripts.ts'
import { startWorker } from '../../runtime/worker.ts'
import { commandsSent } from '../kit/commands.ts'
import { serve } from '../kit/serve.ts'
import { nowMs } from '../kit/time.ts'
import { addressOf, bottomlessStore, noopActor } from './actors.ts'

const SENDS_A_CALL = 256
const CALLS_AT_ONCE = 16
const PREFIX = '{0}:'
const MAILBOX_CAP = 1000

/** Rings every actor once a message. */
async function fill(redisUrl: string, actors: number, messages: number): Promise<void> {
  const redis = openRedis(redisUrl, 'commands')
  await ready(redis)
  defineScripts(redis)
  const partition = new Partition(redis, PREFIX)
  for (let from = 0; from < actors; ) {
    const calls: Promise<unknown>[] = []
    for (; calls.length < CALLS_AT_ONCE && from < actors; from += SENDS_A_CALL) {
      const doorbells = Array.from({ length: Math.min(SENDS_A_CALL, actors - from) }, (_, i) => {
        return { address: addressOf(`a${from + i}`), envelope: 'work' }
      })
      for (let n = 0; n < messages; n++) calls.push(partition.send(MAILBOX_CAP, doorbells))
    }
    await Promise.all(calls)
  }
  redis.disconnect()
}

/** Until all are handled, and acked: a message that Redis still holds is not done. */
async function drain(redisUrl: string, actors: number, messages: number) {
  let left = actors * messages
  let done = () => {}
  const drained = new Promise<void>((resolve) => {
    done = resolve
  })
  const work = () => {
    if (--left === 0) done()
  }
  const sentBefore = commandsSent()
  const startedMs = nowMs()
  const worker = await startWorker({
    redisUrl,
    partitions: 1,
    actors: [noopActor(bottomlessStore(messages), { work })],
    onError: (error) => console.error(error),
  })
  await drained
  await worker.drain()
  return { ms: nowMs() - startedMs, commands: commandsSent() - sentBefore }
}

serve({ fill, drain })
