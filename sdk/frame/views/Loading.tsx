/** The page's outline while the order is fetched. It stands still, and shows only when that takes long enough to be noticed. */
import { Show } from 'solid-js'
import { useCheckout } from './context.ts'

export function Loading() {
  const checkout = useCheckout()
  return (
    <div class="skeleton">
      <Show when={!checkout.session()} fallback={<p class="off">{checkout.words.loading}</p>}>
        <h1 class="off">{checkout.words.loading}</h1>
      </Show>
      <Show when={!checkout.session()}>
        <div class="sk-sum" aria-hidden="true">
          <i class="sk-who" />
          <i class="sk-amount" />
          <i class="sk-order" />
        </div>
      </Show>
      <div class="sk-methods" aria-hidden="true">
        <i />
        <i />
      </div>
      <div class="sk-body" aria-hidden="true">
        <i class="sk-box" />
        <i class="sk-line" />
        <i class="sk-button" />
      </div>
    </div>
  )
}
