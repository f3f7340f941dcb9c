/**
 * What may be done to a payment, as pure rules. The actor asks them inside its turn, where nothing else can move the payment,
 * so two refunds can never both pass the last rupee.
 */
import type { Operation, Payment } from './state.ts'

export function isCapturable(payment: Payment): boolean {
  return payment.status === 'success' && payment.capturedAmount === null && !payment.canceled
}

export function isCancelable(payment: Payment): boolean {
  return payment.status !== 'failed' && payment.capturedAmount === null && !payment.canceled
}

export function isRefundable(payment: Payment): boolean {
  return payment.status === 'success' && !payment.canceled
}

/** Processed refunds and those that are on their way, minor units. */
export function reservedRefunds(payment: Payment): number {
  return payment.refunds.reduce((sum, refund) => sum + refund.amount, payment.amountRefunded)
}

/** What a capture may take, or a cancel release: the amount less what went back already. Minor units. */
export function capturableAmount(payment: Payment): number {
  return payment.amount - reservedRefunds(payment)
}

/** What a refund may take: what was charged less processed and pending refunds. Minor units. */
export function refundableAmount(payment: Payment): number {
  return (payment.capturedAmount ?? payment.amount) - reservedRefunds(payment)
}

export function openOperation(payment: Payment, kind: Operation['kind']): Operation | undefined {
  return payment.operations.find((operation) => operation.kind === kind)
}

/** How long to wait before a silent bank is asked again, ms: 1 s, doubling to at most a minute. */
export function inquiryDelayMs(asked: number): number {
  return Math.min(60_000, 1000 * 2 ** Math.min(asked - 1, 6))
}
