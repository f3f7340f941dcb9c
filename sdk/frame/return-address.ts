/** Where a page of its own sends the shopper back to: the shop's address, with what came of the payment. */
import type { Payment } from './answers.ts'

/** `address`: absolute, checked by the server. A shop that needs certainty checks `signature`, or asks the API. */
export function returnAddress(address: string, orderId: string, payment: Payment | undefined): string {
  const url = new URL(address)
  url.searchParams.set('order_id', orderId)
  url.searchParams.set('status', payment?.status ?? 'dismissed')
  if (payment) url.searchParams.set('payment_id', payment.id)
  if (payment?.signature) url.searchParams.set('signature', payment.signature)
  return url.href
}
