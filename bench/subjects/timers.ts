/** Our runtime with very many timers set: how late those ring that come due. They are set as handlers set them, in turns. */
import type { Turn } from '../../runtime/actor.ts'
import { openRedis, ready } from '../../runtime/redis.ts'
import { defineScripts, Partition } from '../../runtime/scripts.ts'
import { startWorker } from '../../runtime/worker.ts'
import { serve } from '../kit/serve.ts'
import { addressOf, noopActor, timerStore } from './actors.ts'

const PREFIX = '{0}:'
const MAILBOX_CAP = 1000
const SENDS_A_CALL = 256
/** Beyond the measurement, and nearer than what the runtime leaves to its sweeper. */
const LONG_MS = 600_000

export interface TimersAsked {
  pending: number
  /** So many come due one by one, evenly over so long, from `fromMs` on. */
  due: number
  fromMs: number
  spreadMs: number
}

/** Answers how late each of those that come due was, ms. */
async function measure(redisUrl: string, { pending, due, fromMs, spreadMs }: TimersAsked): Promise<number[]> {
  const lateness: number[] = []
  let rung = () => {}
  const allRung = new Promise<void>((resolve) => {
    rung = resolve
  })
  const work = (_state: object, _message: unknown, turn: Turn) => {
    const n = Number(turn.address.slice(addressOf('').length))
    turn.schedule('ring', n < due ? fromMs + (spreadMs * n) / due : LONG_MS)
  }
  const ring = (_state: object, message: { at: number }) => {
    lateness.push(performance.timeOrigin + performance.now() - message.at)
    if (lateness.length === due) rung()
  }
  await startWorker({
    redisUrl,
    partitions: 1,
    actors: [noopActor(timerStore(), { work, ring })],
    onError: (error) => console.error(error),
  })
  await wake(redisUrl, pending + due)
  await allRung
  return lateness
}

async function wake(redisUrl: string, actors: number): Promise<void> {
  const redis = openRedis(redisUrl, 'commands')
  await ready(redis)
  defineScripts(redis)
  const partition = new Partition(redis, PREFIX)
  for (let from = 0; from < actors; from += SENDS_A_CALL) {
    const doorbells = Array.from({ length: Math.min(SENDS_A_CALL, actors - from) }, (_, i) => {
      return { address: addressOf(String(from + i)), envelope: 'work' }
    })
    await partition.send(MAILBOX_CAP, doorbells)
  }
  redis.disconnect()
}

serve({ measure })
