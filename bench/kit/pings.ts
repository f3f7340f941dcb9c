/** Messages sent one at a time, each with the time until somebody began to handle it. The same on both sides. */
import { setTimeout as sleep } from 'node:timers/promises'
import { nowMs } from './time.ts'

const LIMIT_MS = 10_000

/** Hears which message was begun. */
export class Starts {
  readonly #awaited = new Map<string, (atMs: number) => void>()

  note(id: string): void {
    this.#awaited.get(id)?.(nowMs())
  }

  /** When the message of this id is begun; rejects after ten seconds. */
  of(id: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error(`${id} was not begun within ${LIMIT_MS} ms`)), LIMIT_MS)
      this.#awaited.set(id, (atMs) => {
        clearTimeout(limit)
        this.#awaited.delete(id)
        resolve(atMs)
      })
    })
  }
}

/** One after the other, with a gap of about `gapMs` in between, so that they fall into no rhythm. ms each. */
export async function ping(
  starts: Starts,
  count: number,
  gapMs: number,
  send: (id: string) => unknown,
): Promise<number[]> {
  const latencies: number[] = []
  for (let n = 0; n < count; n++) {
    const id = `ping-${n}`
    const begun = starts.of(id)
    const sentMs = nowMs()
    send(id)
    latencies.push((await begun) - sentMs)
    await sleep(gapMs * (0.5 + Math.random()))
  }
  return latencies
}
