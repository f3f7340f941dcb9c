/** One payment in a table: the same cells wherever payments are listed. */
import { A } from '@solidjs/router'
import { Match, Show, Switch } from 'solid-js'
import type { Payment } from '../../data/types.ts'
import { money } from '../../format/money.ts'
import { fullMoment, moment } from '../../format/time.ts'
import { Badge } from '../../kit/badge.tsx'
import { Icon } from '../../kit/icon.tsx'

/** How it is paid: test@upi, visa •••• 4242, or what is known before the bank has named the payer. */
export function instrumentOf(payment: Payment): string {
  if (payment.method === 'upi') return payment.vpa ?? 'by QR code'
  return `${payment.card_network ?? ''} •••• ${payment.card_last4 ?? ''}`
}

/** What became of the money of a payment that succeeded. */
export function Money(props: { payment: Payment }) {
  return (
    <Switch>
      <Match when={props.payment.canceled}>
        <Badge state="canceled" />
      </Match>
      <Match when={props.payment.refund_status === 'full'}>
        <Badge state="refunded" />
      </Match>
      <Match when={props.payment.refund_status === 'partial'}>
        <Badge state="partial">{money(props.payment.amount_refunded, props.payment.currency)} refunded</Badge>
      </Match>
      <Match when={props.payment.captured}>
        <Badge state="captured" />
      </Match>
      <Match when={props.payment.status === 'success'}>
        <Badge state="not captured" />
      </Match>
    </Switch>
  )
}

export function PaymentRow(props: { payment: Payment }) {
  return (
    <tr role="row" data-test-id="transaction-row" data-payment-id={props.payment.id}>
      <td role="cell" class="c-id">
        <A class="row-link mono" href={`/dashboard/transactions/${props.payment.id}`} data-test-id="payment-id">
          {props.payment.id}
        </A>
      </td>
      <td role="cell" class="c-order mono soft" data-test-id="order-id">
        {props.payment.order_id}
      </td>
      <td role="cell" class="c-amount end num mono" data-test-id="amount">
        {money(props.payment.amount, props.payment.currency)}
      </td>
      <td role="cell" class="c-method">
        <span class="method">
          <Icon name={props.payment.method} />
          <span data-test-id="method">{props.payment.method}</span>
          <span class="faint">{instrumentOf(props.payment)}</span>
        </span>
      </td>
      <td role="cell" class="c-status">
        <Badge state={props.payment.status} testId="status" />
      </td>
      <td role="cell" class="c-money">
        <Show when={props.payment.status !== 'pending'}>
          <Money payment={props.payment} />
        </Show>
      </td>
      <td role="cell" class="c-time num faint" data-test-id="created-at">
        <time datetime={props.payment.created_at} title={fullMoment(props.payment.created_at)}>
          {moment(props.payment.created_at)}
        </time>
      </td>
    </tr>
  )
}
