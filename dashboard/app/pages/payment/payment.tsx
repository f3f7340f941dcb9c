/** A payment: what happened to this money, and what can I do? */
import { revalidate, useParams } from '@solidjs/router'
import { onCleanup, Show } from 'solid-js'
import { line, onChange } from '../../data/live.ts'
import { readPayment, readRefunds, readTimeline } from '../../data/payments.ts'
import { createReading } from '../../data/read.ts'
import type { Webhook } from '../../data/types.ts'
import { readDeliveriesOf } from '../../data/webhooks.ts'
import { Stale } from '../../kit/notice.tsx'
import { PaymentView } from './view.tsx'

/** Timers and attempts move without an event of their own; so often the page looks while something is to come, ms. */
const LOOK_MS = 1_000

export default function Payment() {
  const params = useParams()
  // A page for one payment: another id is another page, with nothing left over from the one before.
  return (
    <Show when={params.id} keyed>
      {(id) => <PaymentPage id={id} />}
    </Show>
  )
}

function PaymentPage(props: { id: string }) {
  const { id } = props
  const payment = createReading(() => readPayment(id))
  const timeline = createReading(() => readTimeline(id), 'seq')
  const deliveries = createReading(() => readDeliveriesOf(id))
  const refunds = createReading(() => readRefunds(id))
  const renew = () =>
    revalidate([readPayment.keyFor(id), readTimeline.keyFor(id), readDeliveriesOf.keyFor(id), readRefunds.keyFor(id)])
  onChange(
    () => void renew(),
    150,
    ({ data }) => data.payment?.id === id,
  )
  const open = () =>
    payment.data()?.status === 'pending' ||
    deliveries.data()?.some(({ status }) => status === 'pending') ||
    refunds.data()?.some(({ status }) => status === 'pending')
  // Attempts have no event of their own; an attempt that is due in an hour is not looked for before.
  const isNear = ({ status, next_retry_at: next }: Webhook) =>
    status === 'pending' && (next === null || Date.parse(next) < Date.now() + LOOK_MS)
  const isMoving = () =>
    payment.data()?.status === 'pending' ||
    refunds.data()?.some(({ status }) => status === 'pending') ||
    deliveries.data()?.some(isNear)
  const look = () => {
    if (isMoving() && document.visibilityState === 'visible' && line() !== 'paused')
      void revalidate([readTimeline.keyFor(id), readDeliveriesOf.keyFor(id)])
  }
  const looks = setInterval(look, LOOK_MS)
  onCleanup(() => clearInterval(looks))
  return (
    <Show when={payment.data()}>
      {(data) => (
        <>
          <Stale trouble={payment.trouble()} />
          <PaymentView
            payment={data()}
            timeline={timeline.data() ?? []}
            deliveries={deliveries.data() ?? []}
            refunds={refunds.data() ?? []}
            open={Boolean(open())}
            onDone={() => void renew()}
          />
        </>
      )}
    </Show>
  )
}
