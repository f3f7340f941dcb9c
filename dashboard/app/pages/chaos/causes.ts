/** What the buttons cause, and the story that is told of it. */
import { flushRedis, killWorker, pauseWorker, stopBank } from '../../data/chaos.ts'
import type { Runtime } from '../../data/runtime.ts'
import { count, counted } from '../../format/number.ts'
import { span } from '../../format/time.ts'
import { wordsOf } from '../../kit/notice.tsx'
import { toast } from '../../kit/toast.tsx'
import { allMove, readRuntimeNow, running, tell } from './stories.ts'

/** Longer than a lease. */
export const PAUSE_MS = 8_000
export const BANK_MS = 15_000
/** So many of those who were known are known again: then Redis has its memory back. */
const FOUND_AGAIN = 0.8
/** Who is due far in the future is looked for only when it is near: nobody waits for those. */
const FAR_MS = 8_000

/** Looks at how things are, breaks something, and follows what comes of it. */
async function cause(deed: (before: Runtime) => Promise<void>): Promise<void> {
  try {
    await deed(await readRuntimeNow())
  } catch (error) {
    toast({ state: 'failed', title: 'Nothing was broken.', text: wordsOf(error) })
  }
}

export function kill(worker: string): Promise<void> {
  return cause(async (before) => {
    const held = before.workers.find((one) => one.worker === worker)?.claims ?? 0
    await killWorker(worker)
    void tell({ icon: 'kill', title: `You killed ${worker}`, what: `with ${counted(held, 'actor')} in turn` }, [
      (now) =>
        running(now).some((one) => one.worker === worker)
          ? null
          : { words: 'its lease ended, its actors are ready again', state: 'backing off' },
      (now) =>
        allMove(now) ? { words: `all move at ${counted(running(now).length, 'worker')}`, state: 'in turn' } : null,
      (now) =>
        running(now).length >= running(before).length
          ? { words: 'another worker has taken its place', state: 'success' }
          : null,
    ])
  })
}

export function pause(worker: string): Promise<void> {
  return cause(async (before) => {
    const held = before.workers.find((one) => one.worker === worker)?.claims ?? 0
    await pauseWorker(worker, PAUSE_MS)
    const isRunning = (now: Runtime) => running(now).some((one) => one.worker === worker)
    void tell(
      {
        icon: 'pause',
        title: `You paused ${worker}`,
        what: `for ${span(PAUSE_MS)}, with ${counted(held, 'actor')} in turn`,
      },
      [
        (now) => (isRunning(now) ? null : { words: 'its lease ran out, the others took over', state: 'backing off' }),
        (now) => (isRunning(now) ? { words: 'it woke up, was fenced, and has a new lease', state: 'in turn' } : null),
      ],
    )
  })
}

export function flush(): Promise<void> {
  return cause(async (before) => {
    const known = before.ready + before.running + before.scheduled + before.resting + before.parked
    await flushRedis()
    const flushedAt = Date.now()
    void tell({ icon: 'flush', title: 'You flushed Redis', what: `${counted(known, 'actor')} forgotten` }, [
      (now) =>
        running(now).length > 0
          ? { words: `${counted(running(now).length, 'worker')} fenced, with new leases`, state: 'backing off' }
          : null,
      (now) => {
        const found = now.ready + now.running + now.scheduled + now.resting
        // What ended meanwhile has no alarm any more, so not everybody comes back.
        const isEnough = found >= known * FOUND_AGAIN || Date.now() - flushedAt > FAR_MS
        return allMove(now) && isEnough
          ? { words: `${count(found)} found again from Postgres, truth gap 0`, state: 'in turn' }
          : null
      },
    ])
  })
}

export function stop(): Promise<void> {
  return cause(async () => {
    await stopBank(BANK_MS)
    const backAt = Date.now() + BANK_MS
    void tell({ icon: 'bank', title: 'You stopped the bank', what: `for ${span(BANK_MS)}` }, [
      () =>
        Date.now() >= backAt ? { words: 'it answers again; who waited is asked about', state: 'backing off' } : null,
      (now) => (allMove(now) ? { words: 'all move', state: 'in turn' } : null),
    ])
  })
}
