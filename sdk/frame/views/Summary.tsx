/** To whom and how much: the first thing a shopper looks for, and it stays to the end. */
import { createEffect } from 'solid-js'
import { useCheckout } from './context.ts'

export function Summary() {
  const checkout = useCheckout()
  createEffect(() => {
    document.title = checkout.words.title(checkout.amount())
  })
  return (
    <header class="sum" data-test-id="order-summary">
      <h1 class="sum-who">{checkout.merchant()}</h1>
      <p class="sum-amount num" data-test-id="order-amount">
        {checkout.amount()}
      </p>
      <p class="sum-order">
        {checkout.words.order}{' '}
        <span class="mono" data-test-id="order-id">
          {checkout.orderId()}
        </span>
      </p>
    </header>
  )
}
