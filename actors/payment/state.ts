/**
 * A payment as its actor sees it: the row, its open operations at the bank, and its pending refunds. All of them have one
 * writer, the payment's own turn.
 */

export type PaymentStatus = 'pending' | 'success' | 'failed'

export interface Payment {
  id: string
  merchantId: string
  orderId: string
  /** Minor units of `currency`. */
  amount: number
  currency: string
  method: 'upi' | 'card'
  vpa: string | null
  cardNetwork: string | null
  cardLast4: string | null
  /** The acquirer's token. */
  instrument: string
  /** The merchant's own, as it sent them. */
  notes: Record<string, unknown> | null
  status: PaymentStatus
  canceled: boolean
  /** null: not captured. */
  capturedAmount: number | null
  /** Sum of processed refunds. */
  amountRefunded: number
  errorCode: string | null
  errorDescription: string | null
  /** ISO 8601 */
  createdAt: string
  updatedAt: string
  /** `sequence` of its last event. */
  eventSeq: number
  /** Only the open ones: asking or pending. */
  operations: Operation[]
  /** Only the pending ones. */
  refunds: Refund[]
}

export interface Operation {
  /** The bank's idempotency key. */
  key: string
  kind: 'authorize' | 'capture' | 'void' | 'refund'
  amount: number
  /** asking: outcome unknown, so only an inquiry or the same key again may follow. */
  state: 'asking' | 'pending' | 'done' | 'declined'
  bankRef: string | null
  errorCode: string | null
  /** How often the bank was asked or inquired. */
  asked: number
  /** ISO 8601 */
  createdAt: string
}

export interface Refund {
  id: string
  paymentId: string
  merchantId: string
  amount: number
  reason: string | null
  /** The merchant's own, as it sent them. */
  notes: Record<string, unknown> | null
  status: 'pending' | 'processed' | 'failed'
  errorCode: string | null
  errorDescription: string | null
  /** ISO 8601 */
  createdAt: string
  processedAt: string | null
}

/** Rows that are part of a payment, upserted by their key with its commit. */
export type PaymentRow = { table: 'operations'; row: Operation } | { table: 'refunds'; row: Refund }

/** A fact for the merchant. `payload` is the exact text that every webhook of it sends. */
export interface PaymentEvent {
  id: string
  type: string
  sequence: number
  payload: string
}
