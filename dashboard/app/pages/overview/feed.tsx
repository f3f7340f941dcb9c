/** The live feed: what happens, the newest on top. While the pointer or the focus is in it nothing moves, and news waits in a pill. */
import { A } from '@solidjs/router'
import { createMemo, createSignal, For, Show } from 'solid-js'
import { readEvents } from '../../data/events.ts'
import { onEvent } from '../../data/live.ts'
import { createReading } from '../../data/read.ts'
import type { GatewayEvent } from '../../data/types.ts'
import { money } from '../../format/money.ts'
import { preciseClock } from '../../format/time.ts'
import { Glyph } from '../../kit/icon.tsx'
import { Empty } from '../../kit/notice.tsx'
import { NewPill } from '../../kit/pill.tsx'
import { rows } from '../../kit/rows.ts'

const SHOWN = 8
/** News that is kept while nothing may move. */
const KEPT = 200

const STATES: Record<string, string> = {
  'payment.created': 'created',
  'payment.pending': 'pending',
  'payment.success': 'success',
  'payment.failed': 'failed',
  'payment.captured': 'captured',
  'payment.canceled': 'canceled',
  'refund.created': 'pending',
  'refund.processed': 'processed',
  'refund.failed': 'failed',
  'webhook.exhausted': 'failed',
  'endpoint.disabled': 'disabled',
}

export function Feed() {
  const before = createReading(() => readEvents(SHOWN))
  const [news, setNews] = createSignal<GatewayEvent[]>([])
  const [taken, setTaken] = createSignal<GatewayEvent[]>([])
  let list: HTMLElement | undefined
  const isHeld = () => Boolean(list?.matches(':hover, :focus-within'))
  const take = () => {
    setTaken([...news(), ...taken()].slice(0, SHOWN))
    setNews([])
  }
  onEvent((event) => {
    setNews([event, ...news()].slice(0, KEPT))
    if (!isHeld()) take()
  })
  const shown = createMemo(() => {
    const known = new Set(taken().map(({ id }) => id))
    const read = (before.data() ?? []).filter(({ id }) => !known.has(id)).sort(newestFirst)
    return [...taken(), ...read].slice(0, SHOWN)
  })
  return (
    <section class="cell">
      <div class="cell-head">
        <h2>Live feed</h2>
        <NewPill waiting={news().length} onTake={take} />
      </div>
      <Show
        when={shown().length > 0}
        fallback={
          <Empty
            icon="overview"
            title="Nothing has happened yet"
            acts={
              <A class="btn primary" href="/dashboard/store">
                Buy something
              </A>
            }
          >
            <p class="soft">Every step of every payment shows up here as it happens.</p>
          </Empty>
        }
      >
        <ol
          class="rows feed"
          ref={(element) => {
            list = element
            rows(element)
          }}
        >
          <For each={shown()}>{(event) => <FeedRow event={event} isNew={taken().includes(event)} />}</For>
        </ol>
      </Show>
    </section>
  )
}

/** What a payment says in one commit has one time, and its order by sequence. */
function newestFirst(a: GatewayEvent, b: GatewayEvent): number {
  return Date.parse(b.created_at) - Date.parse(a.created_at) || b.sequence - a.sequence
}

function FeedRow(props: { event: GatewayEvent; isNew: boolean }) {
  const { payment, refund } = props.event.data
  const id = refund?.id ?? payment?.id ?? props.event.id
  const state = STATES[props.event.type] ?? 'none'
  const href =
    payment && props.event.type !== 'webhook.test' ? `/dashboard/transactions/${payment.id}` : '/dashboard/webhooks'
  const amount = () => {
    const captured = props.event.type === 'payment.captured' ? payment?.amount_captured : null
    return refund?.amount ?? captured ?? payment?.amount ?? 0
  }
  const why = () => {
    if (refund) return refund.reason ?? `refund of ${refund.payment_id}`
    if (payment?.error_description) return payment.error_description
    return payment?.method === 'upi'
      ? (payment.vpa ?? 'by QR code')
      : `${payment?.card_network ?? ''} •••• ${payment?.card_last4 ?? ''}`
  }
  return (
    <li classList={{ 'is-new': props.isNew }} data-state={state}>
      <A class="row-link" href={href}>
        <time class="num faint mono" datetime={props.event.created_at}>
          {preciseClock(props.event.created_at)}
        </time>
        <span class="badge" data-state={state}>
          <Glyph state={state} />
          <b>{props.event.type}</b>
        </span>
        <span class="mono soft">{id}</span>
        <span class="faint feed-why">{payment ? why() : ''}</span>
        <span class="num mono end">{payment ? money(amount(), payment.currency) : ''}</span>
      </A>
    </li>
  )
}
