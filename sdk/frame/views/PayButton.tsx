/** The one button of a form. It names the amount; while the payment is being sent it says so, and can't be pressed twice. */
import { Show } from 'solid-js'
import { useCheckout } from './context.ts'
import { Glyph } from './Icon.tsx'

export function PayButton() {
  const checkout = useCheckout()
  const { words } = checkout
  const busy = () => checkout.sending() === 'pay'
  return (
    <>
      <button class="btn primary pay num" type="submit" aria-busy={busy()} data-test-id="pay-button">
        <Show when={busy()} fallback={words.pay(checkout.amount())}>
          <Glyph name="turn" />
          {words.sending}
        </Show>
      </button>
      <Show when={!checkout.connected()}>
        <p class="note" data-state="pending" role="status">
          <Glyph name="back" />
          <span>{words.awaySending}</span>
        </p>
      </Show>
    </>
  )
}

/** Sends the form, and leads the focus to the first field that is wrong. */
export function useSubmit(): (event: SubmitEvent) => Promise<void> {
  const checkout = useCheckout()
  return async (event) => {
    event.preventDefault()
    const wrong = await checkout.pay()
    if (wrong) document.getElementById(wrong)?.focus()
  }
}
