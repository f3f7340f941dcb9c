/** A merchant's events as server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html */
import { monotonicMs } from '../../actors/index.ts'
import { eventView } from '../event-rows.ts'
import type { EventFeed, FeedEvent } from './feed.ts'
import type { Place } from './place.ts'

/** A comment this often keeps proxies from taking silence for death. */
const COMMENT_EVERY_MS = 15_000
const RETRY_MS = 2_000
/** While Postgres is away the stream stays, and goes on where it was. */
const TRY_AGAIN_MS = 1_000

export interface FrameOptions {
  merchantId: string
  /** Behind this place; null: from now on. */
  after: Place | null
  wants(event: FeedEvent): boolean
  /** Ends the stream. */
  signal: AbortSignal
  /** 15 s unless set. */
  commentEveryMs?: number
}

/** Pulled as fast as the client reads, and no faster. */
export async function* eventFrames(feed: EventFeed, options: FrameOptions): AsyncGenerator<string> {
  const { merchantId, after, wants, signal, commentEveryMs = COMMENT_EVERY_MS } = options
  const following = await feed.follow(merchantId)
  signal.addEventListener('abort', following.wake, { once: true })
  try {
    // Says how soon to come back, and at once, so that the client knows it is connected.
    yield `retry: ${RETRY_MS}\n\n`
    let place = after ?? following.start
    let spokeAt = monotonicMs()
    while (!signal.aborted) {
      const silentMs = monotonicMs() - spokeAt
      const page = await following.next(place).catch(() => 'away' as const)
      const text = page && page !== 'away' ? page.events.filter(wants).map(frame).join('') : ''
      if (page && page !== 'away') place = page.to
      if (text !== '' || silentMs >= commentEveryMs) {
        yield text || ': still here\n\n'
        spokeAt = monotonicMs()
      } else if (page === 'away') await following.wait(TRY_AGAIN_MS)
      else if (!page) await following.wait(commentEveryMs - silentMs)
    }
  } finally {
    following.leave()
  }
}

function frame(event: FeedEvent): string {
  return `id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(eventView(event))}\n\n`
}
