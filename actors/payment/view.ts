/**
 * A payment and a refund as the outside sees them: pure functions from the actor's state to the JSON of the contract.
 *
 * They stand beside the actor, not in the API, because a webhook's `data.payment` is what GET /payments/{id} answers at that
 * moment: written twice, the two would drift. The order of the keys is the order on the wire.
 */
import type { Payment, Refund } from './state.ts'

/** What everybody may see who holds the payment's id; nothing of the payer. */
export interface PublicPaymentView {
  id: string
  order_id: string
  /** Integer, in the currency's smallest unit. */
  amount: number
  currency: string
  method: 'upi' | 'card'
  status: Payment['status']
  /** ISO 8601 UTC, as all times here. */
  created_at: string
}

/** What POST /payments answers. `vpa` stands for UPI only; the two card fields for cards only. */
export interface AcceptedPaymentView extends PublicPaymentView {
  vpa?: string | null
  card_network?: string | null
  card_last4?: string | null
  /** Where the merchant sent some. */
  notes?: Record<string, unknown>
}

export interface PaymentView extends Omit<AcceptedPaymentView, 'notes'> {
  notes: Record<string, unknown> | null
  captured: boolean
  canceled: boolean
  /** 0 until captured. */
  amount_captured: number
  /** Processed refunds; pending ones do not count. */
  amount_refunded: number
  refund_status: 'partial' | 'full' | null
  error_code?: string
  error_description?: string
  updated_at: string
}

/** What POST /payments/{id}/refunds answers. */
export interface AcceptedRefundView {
  id: string
  payment_id: string
  amount: number
  reason: string | null
  status: Refund['status']
  created_at: string
  /** Where the merchant sent some. */
  notes?: Record<string, unknown>
}

export interface RefundView extends Omit<AcceptedRefundView, 'notes'> {
  notes: Record<string, unknown> | null
  processed_at: string | null
  error_code?: string
  error_description?: string
}

type Accepted = Pick<
  Payment,
  'id' | 'orderId' | 'amount' | 'currency' | 'method' | 'vpa' | 'cardNetwork' | 'cardLast4' | 'status' | 'createdAt'
> & { notes?: Payment['notes'] }

export function publicPaymentView(payment: Accepted): PublicPaymentView {
  const { id, orderId, amount, currency, method, status, createdAt } = payment
  return { id, order_id: orderId, amount, currency, method, status, created_at: createdAt }
}

export function acceptedPaymentView(payment: Accepted): AcceptedPaymentView {
  const { id, orderId, amount, currency, method, status, createdAt } = payment
  const instrument =
    method === 'upi' ? { vpa: payment.vpa } : { card_network: payment.cardNetwork, card_last4: payment.cardLast4 }
  const taken = { id, order_id: orderId, amount, currency, method, ...instrument, status, created_at: createdAt }
  return payment.notes ? { ...taken, notes: payment.notes } : taken
}

export function paymentView(payment: Payment): PaymentView {
  return {
    ...acceptedPaymentView(payment),
    notes: payment.notes,
    captured: payment.capturedAmount !== null,
    canceled: payment.canceled,
    amount_captured: payment.capturedAmount ?? 0,
    amount_refunded: payment.amountRefunded,
    refund_status: refundStatus(payment),
    ...errorFields(payment),
    updated_at: payment.updatedAt,
  }
}

/**
 * null while no refund has been processed; `full` when everything that was charged went back: the captured amount, or
 * the whole amount while nothing has been captured.
 */
export function refundStatus(
  payment: Pick<Payment, 'amount' | 'capturedAmount' | 'amountRefunded'>,
): 'partial' | 'full' | null {
  if (payment.amountRefunded === 0) return null
  return payment.amountRefunded >= (payment.capturedAmount ?? payment.amount) ? 'full' : 'partial'
}

export function acceptedRefundView(
  refund: Pick<Refund, 'id' | 'paymentId' | 'amount' | 'reason' | 'notes' | 'status' | 'createdAt'>,
): AcceptedRefundView {
  const { id, paymentId, amount, reason, status, createdAt } = refund
  const taken = { id, payment_id: paymentId, amount, reason, status, created_at: createdAt }
  return refund.notes ? { ...taken, notes: refund.notes } : taken
}

export function refundView(refund: Refund): RefundView {
  const { notes, processedAt } = refund
  return { ...acceptedRefundView(refund), notes, processed_at: processedAt, ...errorFields(refund) }
}

function errorFields({ errorCode, errorDescription }: Pick<Payment, 'errorCode' | 'errorDescription'>) {
  return {
    ...(errorCode === null ? {} : { error_code: errorCode }),
    ...(errorDescription === null ? {} : { error_description: errorDescription }),
  }
}

/**
 * An event's text: what is stored, signed and sent, on every attempt the same bytes. `atMs` is when it happened, ms since
 * the epoch; the wire carries whole seconds. `sequence` counts the events of one payment from 1, so that a receiver knows which
 * of two is the later; an event that is about no payment has none.
 */
export function eventPayload(type: string, atMs: number, data: object, sequence?: number): string {
  return JSON.stringify({ event: type, timestamp: Math.floor(atMs / 1000), data, sequence })
}

/** A payment that never was, for webhook.test: a receiver can read it like a real one, and its id says what it is. */
export function samplePayment(merchantId: string, at: string): Payment {
  return {
    id: 'pay_SampleSample1234',
    merchantId,
    orderId: 'order_SampleSample1234',
    amount: 50_000,
    currency: 'INR',
    method: 'upi',
    vpa: 'success@sim',
    cardNetwork: null,
    cardLast4: null,
    instrument: 'sample',
    notes: null,
    status: 'success',
    canceled: false,
    capturedAmount: null,
    amountRefunded: 0,
    errorCode: null,
    errorDescription: null,
    createdAt: at,
    updatedAt: at,
    eventSeq: 0,
    operations: [],
    refunds: [],
  }
}
