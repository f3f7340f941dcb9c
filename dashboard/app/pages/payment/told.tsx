/** Who has been told, and what went back: the payment's webhooks and its refunds. */
import { A } from '@solidjs/router'
import { For, Show } from 'solid-js'
import type { Refund, Webhook } from '../../data/types.ts'
import { hostOf } from '../../data/webhooks.ts'
import { money } from '../../format/money.ts'
import { dueIn, moment } from '../../format/time.ts'
import { Badge } from '../../kit/badge.tsx'
import { Icon } from '../../kit/icon.tsx'
import { attemptTicks, Ticks } from '../../kit/ticks.tsx'

export function Webhooks(props: { deliveries: readonly Webhook[]; paymentId: string; now: number }) {
  /** One receiver goes without saying; of several, each row says its own. */
  const several = () => new Set(props.deliveries.map(({ endpoint_id: id }) => id)).size > 1
  return (
    <section class="cell tall">
      <div class="cell-head">
        <h2>Webhooks</h2>
        <A class="btn plain" href={`/dashboard/webhooks?payment=${props.paymentId}`}>
          Log
          <Icon name="arrow" />
        </A>
      </div>
      <Show
        when={props.deliveries.length > 0}
        fallback={
          <p class="soft">
            Nobody was told:{' '}
            <A class="link" href="/dashboard/webhooks">
              set a webhook URL
            </A>{' '}
            and the next payment’s events go there.
          </p>
        }
      >
        <ul class="rows mini">
          <For each={props.deliveries}>
            {(delivery) => (
              <li>
                <A class="row-link" href={`/dashboard/webhooks/${delivery.id}`}>
                  <span class="mini-what">
                    <Badge state={delivery.status}>{delivery.event}</Badge>
                    <Show when={several()}>
                      <span class="note">{hostOf(delivery.endpoint_url)}</span>
                    </Show>
                  </span>
                  <span class="atts">
                    <span class="num soft">{lastWords(delivery, props.now)}</span>
                    <Ticks
                      ticks={attemptTicks(delivery.status, delivery.attempts, delivery.max_attempts)}
                      label={`${delivery.attempts} of ${delivery.max_attempts} attempts, ${delivery.status}`}
                    />
                  </span>
                </A>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </section>
  )
}

function lastWords({ status, next_retry_at: next, response_code: code }: Webhook, now: number): string {
  if (status === 'pending') return next ? `next ${dueIn(next, now)}` : 'under way'
  return String(code ?? 'no answer')
}

export function Refunds(props: { refunds: readonly Refund[]; currency: string }) {
  return (
    <section class="cell">
      <div class="cell-head">
        <h2>Refunds</h2>
      </div>
      <ul class="rows mini">
        <For each={props.refunds}>
          {(refund) => (
            <li>
              <p class="row-link">
                <Badge state={refund.status}>{money(refund.amount, props.currency)}</Badge>
                <span class="soft num">
                  {refund.error_description ?? refund.reason ?? ''} <span class="mono faint">{refund.id}</span>{' '}
                  {moment(refund.processed_at ?? refund.created_at)}
                </span>
              </p>
            </li>
          )}
        </For>
      </ul>
    </section>
  )
}
