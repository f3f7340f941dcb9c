/** The receipt's lines: what, with what, when, under which number. Those who call the shop need exactly these. */
import { Show } from 'solid-js'
import type { Payment } from '../answers.ts'
import { formatMoment } from '../format.ts'
import type { Words } from '../words/index.ts'
import { useCheckout } from './context.ts'

const NETWORK_NAMES: Record<string, string> = { visa: 'Visa', mastercard: 'Mastercard', amex: 'Amex', rupay: 'RuPay' }

export function Slip(props: { payment: Payment }) {
  const checkout = useCheckout()
  const { words } = checkout
  const paid = () => props.payment.status === 'success'
  return (
    <dl class="slip">
      <div>
        <dt>{paid() ? words.slip.paid : words.slip.notPaid}</dt>
        <dd class="num">
          <b>{checkout.amount()}</b>
        </dd>
      </div>
      <div>
        <dt>{words.slip.with}</dt>
        <dd>{instrumentOf(props.payment, words)}</dd>
      </div>
      <Show when={paid()}>
        <div>
          <dt>{words.slip.when}</dt>
          <dd class="num">{formatMoment(props.payment.updated_at, words.tag)}</dd>
        </div>
      </Show>
      <div>
        <dt>{words.slip.payment}</dt>
        <dd class="mono" data-test-id="payment-id">
          {props.payment.id}
        </dd>
      </div>
    </dl>
  )
}

function instrumentOf({ method, vpa, card_network: network, card_last4: last4 }: Payment, words: Words): string {
  if (method === 'upi') return vpa ? `${words.upi}, ${vpa}` : words.upi
  const card = NETWORK_NAMES[network ?? ''] ?? words.card
  return last4 ? `${card}, ${words.ending(last4)}` : card
}
