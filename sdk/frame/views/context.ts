/** The one checkout of the page, for every view. */
import { createContext, useContext } from 'solid-js'
import type { Checkout } from '../checkout.ts'

export const CheckoutContext = createContext<Checkout>()

export function useCheckout(): Checkout {
  const checkout = useContext(CheckoutContext)
  if (!checkout) throw new Error('a view stands outside of CheckoutContext')
  return checkout
}
