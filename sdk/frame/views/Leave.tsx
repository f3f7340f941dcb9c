/** Asks before leaving a payment that goes on. Staying is the first answer, and Escape's. */
import { onMount } from 'solid-js'
import { useCheckout } from './context.ts'

export function Leave() {
  const checkout = useCheckout()
  const { words } = checkout
  let dialog: HTMLDialogElement | undefined
  onMount(() => dialog?.showModal())
  return (
    <dialog
      ref={dialog}
      class="ask"
      aria-labelledby="ask-title"
      data-test-id="confirm-close"
      onClose={() => checkout.stay()}
    >
      <h2 id="ask-title">{checkout.qr() ? words.leaveCode : words.leave}</h2>
      <p>{checkout.qr() ? words.leaveCodeText : words.leaveText}</p>
      <div class="co-acts">
        <button class="btn primary pay" type="button" onClick={() => checkout.stay()} data-test-id="confirm-stay">
          {words.stay}
        </button>
        <button class="btn pay" type="button" onClick={() => checkout.leave()} data-test-id="confirm-leave">
          {words.leaveNow}
        </button>
      </div>
    </dialog>
  )
}
