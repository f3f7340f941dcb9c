/**
 * New events, for everybody who streams them from this process. One look five times a second serves all streams, and only the merchants
 * who have one are looked at; without a stream there is no look at all. Commits know nothing of it.
 *
 * A stream holds its own place and pulls. At the front, it is handed the page that the last look brought; one that has just come back
 * with a Last-Event-ID, or whose client reads slowly, takes its pages from the table. So nothing is queued for anybody,
 * a slow client costs no memory, and it misses nothing.
 */
import { Signal } from '../../actors/index.ts'
import type { Database } from '../../schema/database.ts'
import type { EventRow } from '../event-rows.ts'
import { beginningOf, isBefore, isSame, type Place } from './place.ts'
import { FIND_PLACE, HORIZON, READ_EVENTS } from './statements.ts'

export interface FeedEvent extends EventRow {
  merchant_id: string
  payment_id: string | null
}

/** Events from one place to another; between the two there are no others. */
export interface Page {
  from: Place
  to: Place
  events: FeedEvent[]
}

/** A merchant's events as far as they are known. */
interface Tail {
  /** Everything up to here is visible, and nothing will come before it any more. */
  upTo: Place
  /** What the last look brought. */
  latest: Page | null
  followers: Set<Signal>
}

const LOOK_EVERY_MS = 200
const PAGE = 200

export class EventFeed {
  readonly #database: Database
  readonly #tails = new Map<string, Tail>()
  readonly #closing = new Signal()
  #closed = false
  #looking = false

  constructor(database: Database) {
    this.#database = database
  }

  /** The place of an event that the merchant has had; null when there is none in the days that events are kept. */
  async find(merchantId: string, id: string): Promise<Place | null> {
    const [row] = await this.#database.run<Place>(FIND_PLACE, [id, merchantId])
    return row ?? null
  }

  /** Follows a merchant's events from now on. Rejects when Postgres is away. */
  async follow(merchantId: string): Promise<Following> {
    const upTo = beginningOf(await this.#horizon())
    const tail = this.#tails.get(merchantId) ?? { upTo, latest: null, followers: new Set() }
    this.#tails.set(merchantId, tail)
    const signal = new Signal()
    tail.followers.add(signal)
    void this.#look()
    return {
      start: tail.upTo,
      wait: (timeoutMs) => signal.wait(timeoutMs),
      wake: () => signal.notify(),
      next: async (place) => {
        if (!isBefore(place, tail.upTo)) return null
        if (tail.latest && isSame(tail.latest.from, place)) return tail.latest
        return (await this.#read([{ merchantId, place }], tail.upTo.at)).get(merchantId) as Page
      },
      leave: () => {
        tail.followers.delete(signal)
        if (tail.followers.size === 0) this.#tails.delete(merchantId)
      },
    }
  }

  /** No look is made from here on. */
  close(): void {
    this.#closed = true
    this.#closing.notify()
  }

  async #look(): Promise<void> {
    if (this.#looking) return
    this.#looking = true
    while (this.#tails.size > 0 && !this.#closed) {
      // While Postgres is away nobody can be told anything; the streams stay, and go on where they were when it is back.
      const more = await this.#advance().catch(() => false)
      if (!more) await this.#closing.wait(LOOK_EVERY_MS)
    }
    this.#looking = false
  }

  /** Reads everybody's next page. True when somebody has more than a page. */
  async #advance(): Promise<boolean> {
    const horizon = await this.#horizon()
    const asked = [...this.#tails].map(([merchantId, { upTo: place }]) => ({ merchantId, place }))
    const pages = await this.#read(asked, horizon)
    let more = false
    for (const { merchantId } of asked) {
      const tail = this.#tails.get(merchantId)
      const page = pages.get(merchantId) as Page
      // A tail that was left and begun anew meanwhile stands elsewhere.
      if (!tail || !isSame(tail.upTo, page.from) || !isBefore(page.from, page.to)) continue
      tail.upTo = page.to
      tail.latest = page
      more ||= page.events.length === PAGE
      if (page.events.length > 0) for (const follower of tail.followers) follower.notify()
    }
    return more
  }

  async #read(asked: { merchantId: string; place: Place }[], horizon: string): Promise<Map<string, Page>> {
    const rows = await this.#database.run<FeedEvent & { at: string }>(READ_EVENTS, [
      asked.map(({ merchantId }) => merchantId),
      asked.map(({ place }) => place.at),
      asked.map(({ place }) => place.sequence),
      asked.map(({ place }) => place.id),
      horizon,
      PAGE,
    ])
    const byMerchant = Map.groupBy(rows, (row) => row.merchant_id)
    return new Map(
      asked.map(({ merchantId, place: from }) => {
        const events = byMerchant.get(merchantId) ?? []
        const last = events.at(-1)
        const to = events.length === PAGE && last ? placeOf(last) : beginningOf(horizon)
        return [merchantId, { from, to, events }]
      }),
    )
  }

  async #horizon(): Promise<string> {
    const [row] = await this.#database.run<{ at: string }>(HORIZON, [])
    return (row as { at: string }).at
  }
}

function placeOf({ at, sequence, id }: Place): Place {
  return { at, sequence, id }
}

/** One stream's hold on the feed. Must be left. */
export interface Following {
  /** Where the feed stood: who begins here is told what happens from now on. */
  start: Place
  /** Until there may be more, or the time is over. */
  wait(timeoutMs: number): Promise<void>
  /** Ends a wait. */
  wake(): void
  /** What follows a place; null when that is not known yet. Rejects when Postgres is away. */
  next(place: Place): Promise<Page | null>
  leave(): void
}
