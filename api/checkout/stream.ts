/**
 * A payment as server-sent events: where it stands, and whenever it has moved, until it is decided. The stream ends by itself after
 * some minutes, so that a tab forgotten in the background costs nothing; a browser that still cares opens another.
 */
import type { Standing, Standings } from './status.ts'

const COMMENT_EVERY_MS = 15_000
const LIFE_MS = 5 * 60_000

/** `view`: the data of an event. Ends with the signal. */
export async function* paymentEvents(
  standings: Standings,
  id: string,
  view: (standing: Standing) => object,
  signal: AbortSignal,
): AsyncGenerator<string> {
  let latest: Standing | undefined
  let wake = () => {}
  /** The version that was told last. */
  let told = -1
  const stop = standings.watch(id, (standing) => {
    latest = standing
    if (standing.version !== told) wake()
  })
  signal.addEventListener('abort', () => wake(), { once: true })
  const until = performance.now() + LIFE_MS
  let spokeAt = performance.now()
  try {
    // Tells the browser how soon to come back, and proxies that this is a stream.
    yield 'retry: 2000\n\n'
    while (!signal.aborted && performance.now() < until) {
      if (latest && latest.version !== told) {
        told = latest.version
        spokeAt = performance.now()
        yield `event: payment\ndata: ${JSON.stringify(view(latest))}\n\n`
        if (latest.payment.status !== 'pending') return
      } else if (performance.now() - spokeAt >= COMMENT_EVERY_MS) {
        spokeAt = performance.now()
        yield ': still here\n\n'
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, COMMENT_EVERY_MS)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  } finally {
    stop()
  }
}
