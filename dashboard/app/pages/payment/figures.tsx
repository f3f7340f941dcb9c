/** Four sums, the last of them what is left to do something with; and the facts of the payment in a strip below. */
import { A } from '@solidjs/router'
import { Show } from 'solid-js'
import { isOperator } from '../../data/boot.ts'
import type { Payment } from '../../data/types.ts'
import { money } from '../../format/money.ts'
import { fullMoment } from '../../format/time.ts'
import { Icon } from '../../kit/icon.tsx'
import { instrumentOf } from '../transactions/row.tsx'
import type { Room } from './money.ts'

/** The last figure: how much, and of what. */
function left(payment: Payment, room: Room): [minor: number, words: string] {
  if (payment.status === 'pending') return [payment.amount, 'waits for the bank']
  if (payment.status === 'failed' || payment.canceled) return [0, 'was taken']
  return payment.captured ? [room.refundable, 'can still be refunded'] : [room.capturable, 'can still be captured']
}

export function Figures(props: { payment: Payment; room: Room }) {
  const sum = (minor: number) => money(minor, props.payment.currency)
  const last = () => left(props.payment, props.room)
  return (
    <div class="cells figures">
      <div class="figure">
        <span class="figure-num num">{sum(props.payment.status === 'success' ? props.payment.amount : 0)}</span>
        <span>authorized</span>
      </div>
      <div class="figure">
        <span class="figure-num num">{sum(props.payment.amount_captured)}</span>
        <span>captured</span>
      </div>
      <div class="figure">
        <span class="figure-num num">{sum(props.payment.amount_refunded)}</span>
        <span>refunded</span>
      </div>
      <div class="figure">
        <span class="figure-num num">
          <span class="sum">{sum(last()[0])}</span>
        </span>
        <span>{last()[1]}</span>
      </div>
    </div>
  )
}

export function Facts(props: { payment: Payment }) {
  return (
    <dl class="cells strip">
      <div>
        <dt>Order</dt>
        <dd class="mono">
          <A
            class="link"
            href={`/dashboard/transactions?order=${encodeURIComponent(props.payment.order_id)}`}
            data-test-id="order-id"
          >
            {props.payment.order_id}
          </A>
        </dd>
      </div>
      <div>
        <dt>Method</dt>
        <dd>
          <span class="method">
            <Icon name={props.payment.method} />
            {props.payment.method} <span class="soft">{instrumentOf(props.payment)}</span>
          </span>
        </dd>
      </div>
      <div>
        <dt>Created</dt>
        <dd class="num">{fullMoment(props.payment.created_at)}</dd>
      </div>
      <Show when={props.payment.error_code}>
        {(code) => (
          <div>
            <dt>Error</dt>
            <dd>
              <code>{code()}</code>
            </dd>
          </div>
        )}
      </Show>
      <Show when={isOperator()}>
        <div>
          <dt>Actor</dt>
          <dd>
            <A class="link" href={`/dashboard/actors/${props.payment.id}`}>
              Why does it move, or not?
            </A>
          </dd>
        </div>
      </Show>
    </dl>
  )
}
