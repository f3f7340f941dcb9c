/** It is paid: a receipt, and after a moment the way back by itself. */
import { createEffect, onCleanup, Show } from 'solid-js'
import type { Payment } from '../answers.ts'
import { useCheckout } from './context.ts'
import { Heading } from './Heading.tsx'
import { Glyph } from './Icon.tsx'
import { createNow, secondsTo } from './now.ts'
import { Slip } from './Slip.tsx'

/** Long enough to read, short enough not to wait for. */
const MODAL_MS = 2_000
const PAGE_MS = 5_000

export function Paid(props: { payment: Payment }) {
  const checkout = useCheckout()
  const { words, options } = checkout
  const goes = options.embedded || checkout.returnAddress() !== undefined
  return (
    <div class="co-body">
      <section class="end" data-test-id="success-state" data-state="success">
        <Glyph name="done" class="settle" />
        <Heading testId="success-message">{words.paid}</Heading>
        <p>{words.told(checkout.merchant())}</p>
        <Slip payment={props.payment} />
        <Show when={goes}>
          <div class="co-acts">
            <button class="btn primary pay" type="button" onClick={() => checkout.leave()}>
              {words.back(checkout.merchant())}
            </button>
            <Going />
          </div>
        </Show>
      </section>
    </div>
  )
}

function Going() {
  const checkout = useCheckout()
  const { words, options } = checkout
  const ms = options.embedded ? MODAL_MS : PAGE_MS
  const untilMs = performance.now() + ms
  const now = createNow()
  const seconds = () => secondsTo(untilMs, now())
  createEffect(() => {
    const timer = setTimeout(() => checkout.leave(), ms)
    onCleanup(() => clearTimeout(timer))
  })
  return <p class="num">{(options.embedded ? words.closes : words.returns)(seconds())}</p>
}
