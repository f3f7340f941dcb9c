/** What a payment’s page shows, and what its keys do. */
import { A, useLocation, useNavigate } from '@solidjs/router'
import { createMemo, createSignal, onCleanup, onMount, Show } from 'solid-js'
import type { readRefunds, readTimeline } from '../../data/payments.ts'
import type { createReading } from '../../data/read.ts'
import type { Payment as PaymentData } from '../../data/types.ts'
import { hostOf, type readDeliveriesOf } from '../../data/webhooks.ts'
import { createNow } from '../../format/now.ts'
import { Badge } from '../../kit/badge.tsx'
import { CopyIcon } from '../../kit/copy.tsx'
import { Head } from '../../kit/head.tsx'
import { Icon } from '../../kit/icon.tsx'
import { isTyping } from '../../kit/rows.ts'
import { Seg } from '../../kit/seg.tsx'
import { Money } from '../transactions/row.tsx'
import { PaymentAnswer, paymentState } from './answer.tsx'
import { type DialogName, Dialogs } from './dialogs.tsx'
import { Facts, Figures } from './figures.tsx'
import { Letterhead } from './letterhead.tsx'
import { roomOf } from './money.ts'
import { Raw } from './raw.tsx'
import { Selected } from './selected.tsx'
import { foldedScale } from './timeline/scale.ts'
import { buildTree, flatten, type Row } from './timeline/tree.ts'
import { Waterfall } from './timeline/waterfall.tsx'
import { Refunds, Webhooks } from './told.tsx'

const SHOWN = [
  ['all', 'All'],
  ['bank', 'Bank'],
  ['webhooks', 'Webhooks'],
] as const
type Shown = (typeof SHOWN)[number][0]

interface ViewProps {
  payment: PaymentData
  timeline: NonNullable<ReturnType<ReturnType<typeof createReading<Awaited<ReturnType<typeof readTimeline>>>>['data']>>
  deliveries: Awaited<ReturnType<typeof readDeliveriesOf>>
  refunds: Awaited<ReturnType<typeof readRefunds>>
  /** Something is still to come. */
  open: boolean
  onDone: () => void
}

export function PaymentView(props: ViewProps) {
  const now = createNow(100)
  const location = useLocation()
  const navigate = useNavigate()
  const [dialog, setDialog] = createSignal<DialogName | 'json' | null>(null)
  const [shown, setShown] = createSignal<Shown>('all')
  const room = createMemo(() => roomOf(props.payment, props.refunds))
  const zero = createMemo(() => Date.parse(props.timeline[0]?.at ?? props.payment.created_at))
  const tree = createMemo(() => choose(buildTree(props.timeline, props.deliveries), shown()))
  const rows = createMemo(() => flatten(tree()))
  const scale = createMemo(() => foldedScale(rows()))
  const selected = createMemo(() => {
    const key = decodeURIComponent(location.hash.slice(1))
    return rows().find((row) => row.key === key) ?? rows().findLast(({ change }) => change !== null) ?? rows()[0]
  })
  const select = (row: Row | null | undefined) => row && navigate(`#${row.key}`, { scroll: false, replace: true })
  const hosts = (endpointId: string) =>
    hostOf(props.deliveries.find((delivery) => delivery.endpoint_id === endpointId)?.endpoint_url ?? null).replace(
      /:\d+$/,
      '',
    )
  paymentKeys({
    '[': () => select(selected()?.parent),
    ']': () => select(selected()?.children[0]),
    c: () => room().capturable > 0 && setDialog('capture'),
    r: () => room().refundable > 0 && setDialog('refund'),
    v: () => room().cancelable && setDialog('cancel'),
    i: () => setDialog('json'),
  })
  return (
    <>
      <Letterhead now={now()} />
      <Head
        title={`Payment ${props.payment.id}`}
        heading={
          <>
            <A class="crumb" href="/dashboard/transactions">
              Transactions
            </A>{' '}
            <span class="faint">/</span>{' '}
            <span class="mono" data-test-id="payment-id">
              {props.payment.id}
            </span>
            <CopyIcon text={props.payment.id} label="Copy the id" />
          </>
        }
        tags={
          <>
            <Badge state={props.payment.status} testId="status" />
            <Money payment={props.payment} />
          </>
        }
        state={paymentState(props.payment, props.deliveries)}
        answer={<PaymentAnswer payment={props.payment} deliveries={props.deliveries} now={now()} />}
        acts={
          <>
            <Show when={room().capturable > 0}>
              <button class="btn primary" type="button" onClick={() => setDialog('capture')}>
                Capture…
              </button>
            </Show>
            <Show when={room().refundable > 0}>
              <button class="btn" type="button" onClick={() => setDialog('refund')}>
                Refund…
              </button>
            </Show>
            <Show when={room().cancelable}>
              <button class="btn danger" type="button" onClick={() => setDialog('cancel')}>
                Cancel…
              </button>
            </Show>
            <button class="btn" type="button" onClick={() => setDialog('json')}>
              <Icon name="code" />
              JSON
            </button>
          </>
        }
      />
      <Figures payment={props.payment} room={room()} />
      <Facts payment={props.payment} />
      <div class="cells">
        <section class="cell wf-cell" aria-labelledby="timeline">
          <div class="cell-head">
            <h2 id="timeline">Timeline</h2>
            <span class="note">what caused what; above to scale, below the hatched waits are folded</span>
            <Seg label="Show" options={SHOWN} value={shown()} onChange={setShown} />
          </div>
          <Waterfall
            rows={tree()}
            scale={scale()}
            nowMs={props.open ? now() - zero() : null}
            selected={selected()?.key ?? null}
            hosts={hosts}
          />
        </section>
      </div>
      <div class="cells two">
        <Show when={selected()}>
          {(row) => <Selected row={row()} zero={zero()} currency={props.payment.currency} onSelect={select} />}
        </Show>
        <Webhooks deliveries={props.deliveries} paymentId={props.payment.id} now={now()} />
        <Show when={props.refunds.length > 0}>
          <Refunds refunds={props.refunds} currency={props.payment.currency} />
        </Show>
      </div>
      <Dialogs
        open={dialog() === 'json' ? null : (dialog() as DialogName | null)}
        payment={props.payment}
        room={room()}
        onClose={() => setDialog(null)}
        onDone={props.onDone}
      />
      <Raw
        open={dialog() === 'json'}
        payment={props.payment}
        timeline={props.timeline}
        refunds={props.refunds}
        onClose={() => setDialog(null)}
      />
    </>
  )
}

/** The rows of one kind, with the way that leads to them. */
function choose(rows: Row[], shown: Shown): Row[] {
  if (shown === 'all') return rows
  const wanted = (row: Row): boolean =>
    shown === 'bank' ? row.kind === 'attempt' : row.kind === 'webhook' || row.detail.delivery_id !== undefined
  return rows
    .map((row) => ({ ...row, children: choose(row.children, shown) }))
    .filter((row) => row.children.length > 0 || wanted(row))
}

function paymentKeys(keys: Record<string, () => void>): void {
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
    const act = keys[event.key]
    if (!act) return
    event.preventDefault()
    act()
  }
  onMount(() => document.addEventListener('keydown', onKey))
  onCleanup(() => document.removeEventListener('keydown', onKey))
}
