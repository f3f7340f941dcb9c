/** The steps of the last purchase, as they happen: order, payment, the bank's word, and who was told. */
import { A, revalidate } from '@solidjs/router'
import { createMemo, For, Show } from 'solid-js'
import { onChange } from '../../data/live.ts'
import { readOrder } from '../../data/orders.ts'
import { readPayments } from '../../data/payments.ts'
import { createReading, renewEvery } from '../../data/read.ts'
import type { Payment, Webhook } from '../../data/types.ts'
import { hostOf, readDeliveriesOf } from '../../data/webhooks.ts'
import { createNow } from '../../format/now.ts'
import { clock, dueIn, span } from '../../format/time.ts'
import { Glyph, Icon } from '../../kit/icon.tsx'
import { Empty } from '../../kit/notice.tsx'

const LOOK_MS = 1_500

export function Purchase(props: { orderId: string | null }) {
  return (
    <section class="cell">
      <Show
        when={props.orderId}
        keyed
        fallback={
          <>
            <div class="cell-head">
              <h2>Your last purchase</h2>
            </div>
            <Empty icon="store" title="Nothing bought yet">
              <p class="soft">Buy the notebook, and watch its payment from here to your webhook.</p>
            </Empty>
          </>
        }
      >
        {(id) => <Steps orderId={id} />}
      </Show>
    </section>
  )
}

function Steps(props: { orderId: string }) {
  const { orderId } = props
  const now = createNow(200)
  const filter = { order_id: orderId, limit: 5 }
  const order = createReading(() => readOrder(orderId))
  const payments = createReading(() => readPayments(filter))
  const payment = createMemo(() => payments.data()?.data[0])
  const deliveries = createReading(async () => {
    const id = payment()?.id
    return id ? readDeliveriesOf(id) : []
  })
  onChange(() => void revalidate([readOrder.keyFor(orderId), readPayments.keyFor(filter), readDeliveriesOf.key]), 150)
  renewEvery(LOOK_MS, readDeliveriesOf.key)
  const since = (at: string) => `+${span(Date.parse(at) - Date.parse(order.data()?.created_at ?? at))}`
  return (
    <>
      <div class="cell-head">
        <h2>Your last purchase</h2>
        <Show when={payment()}>
          {(paid) => (
            <A class="btn plain" href={`/dashboard/transactions/${paid().id}`}>
              Timeline
              <Icon name="arrow" />
            </A>
          )}
        </Show>
      </div>
      <ol class="steps num">
        <Show when={order.data()}>
          {(data) => (
            <li data-state="success">
              <Glyph state="success" />
              <span>
                Order{' '}
                <A class="link mono" href={`/dashboard/transactions?order=${data().id}`}>
                  {data().id}
                </A>
              </span>
              <span class="faint">{clock(data().created_at)}</span>
            </li>
          )}
        </Show>
        <Show when={payment()}>
          {(paid) => (
            <>
              <li data-state="success">
                <Glyph state="success" />
                <span>
                  Payment{' '}
                  <A class="link mono" href={`/dashboard/transactions/${paid().id}`}>
                    {paid().id}
                  </A>{' '}
                  accepted
                </span>
                <span class="faint">{since(paid().created_at)}</span>
              </li>
              <li data-state={paid().status}>
                <Glyph state={paid().status} />
                <span>{bankWords(paid())}</span>
                <span class="faint">
                  {paid().status === 'pending' ? span(now() - Date.parse(paid().created_at)) : since(paid().updated_at)}
                </span>
              </li>
            </>
          )}
        </Show>
        <For each={deliveries.data() ?? []}>
          {(delivery) => (
            <li data-state={delivery.status}>
              <Glyph state={delivery.status} />
              <span>
                <A class="link" href={`/dashboard/webhooks/${delivery.id}`}>
                  {delivery.event}
                </A>{' '}
                {toldWords(delivery)}
              </span>
              <span class="faint">
                {delivery.status === 'pending' && delivery.next_retry_at
                  ? dueIn(delivery.next_retry_at, now())
                  : since(delivery.last_attempt_at ?? delivery.created_at)}
              </span>
            </li>
          )}
        </For>
      </ol>
    </>
  )
}

function bankWords({ status, error_description: why }: Payment): string {
  if (status === 'pending') return 'The bank is thinking'
  return status === 'success' ? 'The bank said yes' : `The bank said no: ${why ?? 'declined'}`
}

function toldWords({ status, endpoint_url: url, attempts, max_attempts: max }: Webhook): string {
  const host = hostOf(url)
  if (status === 'success') return `told ${host}`
  return status === 'failed' ? `given up at ${host} after ${attempts}` : `to ${host}, attempt ${attempts + 1} of ${max}`
}
