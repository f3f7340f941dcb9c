/**
 * The replay actor. Each turn hands out one page and commits it together with the place where the next begins, in one fenced
 * statement: so a worker that dies between two pages, or in the middle of one, neither skips a delivery nor hands one out twice.
 * What is handed out is then each delivery's own affair.
 */
import { type ActorDefinition, defineActor, type Turn } from '../../runtime/actor.ts'
import type { Store } from '../../runtime/storage.ts'
import type { ReplayPages } from './pages.ts'
import type { ReplayRow, WebhookReplay } from './state.ts'

export interface ReplayOptions {
  store: Store<WebhookReplay, ReplayRow>
  pages: ReplayPages
}

type ReplayTurn = Turn<ReplayRow>

const PAGE = 250
/** Pages of a fast replay come as often; those of a slow one are smaller, so that it sends evenly. */
const PAGES_A_SECOND = 4
/** Reading and committing a page is work for Postgres: this many replays at once do no harm. */
const SLOTS = 4

export function defineReplay({ store, pages }: ReplayOptions): ActorDefinition {
  return defineActor<WebhookReplay, ReplayRow, never>({
    kind: 'replay',
    store,
    slots: SLOTS,
    deadlineMs: 15_000,
    handlers: {
      work: (replay, _message, turn) => work(replay, pages, turn),
      cancel: (replay, _message, turn) => {
        if (replay.status === 'running') end(replay, 'canceled', turn)
        turn.reply({ status: 200, body: { id: replay.id, status: replay.status, replayed: replay.replayed } })
      },
    },
  })
}

async function work(replay: WebhookReplay, pages: ReplayPages, turn: ReplayTurn): Promise<void> {
  if (replay.status !== 'running') return
  const size = Math.min(PAGE, Math.ceil(replay.rate / PAGES_A_SECOND))
  const { rows, place } = await pages(replay, size)
  for (const row of rows) turn.write(row)
  replay.replayed += rows.length
  if (place === null) return end(replay, 'completed', turn)
  replay.place = place
  turn.schedule('work', (rows.length / replay.rate) * 1000)
}

function end(replay: WebhookReplay, status: 'completed' | 'canceled', turn: ReplayTurn): void {
  replay.status = status
  replay.endedAt = new Date(turn.now()).toISOString()
  turn.cancel('work')
}
