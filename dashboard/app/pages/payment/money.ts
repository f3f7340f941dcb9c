/** What may be done with a payment's money, and how much of it: the API's rules, so that no button promises what it will refuse. */
import type { Payment, Refund } from '../../data/types.ts'

export interface Room {
  /** Minor units that can still be captured; 0: nothing. */
  capturable: number
  /** Minor units that can still be refunded, pending refunds taken off. */
  refundable: number
  cancelable: boolean
}

export function roomOf(payment: Payment, refunds: readonly Refund[]): Room {
  const { status, captured, canceled, amount, amount_captured: taken } = payment
  const open = status === 'success' && !canceled
  const promised = refunds
    .filter((refund) => refund.status !== 'failed')
    .reduce((sum, refund) => sum + refund.amount, 0)
  return {
    capturable: open && !captured ? amount - promised : 0,
    refundable: open ? Math.max(0, (captured ? taken : amount) - promised) : 0,
    cancelable: !canceled && (status === 'pending' || (open && !captured)),
  }
}
