/** It failed: whether money was taken comes first, then two ways on, in place and for the same order. */
import { Show } from 'solid-js'
import type { Payment } from '../answers.ts'
import type { Words } from '../words/index.ts'
import { useCheckout } from './context.ts'
import { Heading } from './Heading.tsx'
import { Glyph, Icon } from './Icon.tsx'
import { Slip } from './Slip.tsx'

export function Failed(props: { payment: Payment }) {
  const checkout = useCheckout()
  const { words } = checkout
  const other = () => (props.payment.method === 'upi' ? 'card' : 'upi')
  return (
    <div class="co-body">
      <section class="end" data-test-id="error-state" data-state="failed">
        <Glyph name="wrong" class="settle" />
        <Heading>{words.failed}</Heading>
        <p data-test-id="error-message" role="alert">
          {words.why[causeOf(props.payment)]}
        </p>
        <Slip payment={props.payment} />
        <div class="co-acts">
          <button class="btn primary pay" type="button" onClick={() => checkout.retry()} data-test-id="retry-button">
            {words.again}
          </button>
          <button class="btn pay" type="button" onClick={() => checkout.retry(other())}>
            <Icon name={other()} />
            {other() === 'card' ? words.byCard : words.byUpi}
          </button>
          <Show when={checkout.returnAddress()}>
            {(address) => (
              <a class="link" href={address()}>
                {words.back(checkout.merchant())}
              </a>
            )}
          </Show>
        </div>
      </section>
    </div>
  )
}

/** The bank's words, for those that shoppers can do something about; everything else is a no. */
const CAUSES: [pattern: RegExp, cause: keyof Words['why']][] = [
  [/insufficient/i, 'funds'],
  [/expired/i, 'expired'],
  [/card declined/i, 'cardDeclined'],
]

function causeOf({ error_code: code, error_description: description = '' }: Payment): keyof Words['why'] {
  if (code === 'BANK_TIMEOUT') return 'timeout'
  if (code === 'PAYMENT_CANCELED') return 'canceled'
  return CAUSES.find(([pattern]) => pattern.test(description))?.[1] ?? 'declined'
}
