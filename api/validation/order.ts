/** What an order may say beyond its schema. */
import { GatewayError } from '../../schema/errors.ts'
import { isCurrency } from '../../schema/money.ts'

/** Notes are the merchant's own, so their form is free; their size is not. Characters of JSON. */
export const NOTES_MAX = 16_384
/** A payment's and a refund's travel with every event about them. */
export const PAYMENT_NOTES_MAX = 4_096

/** Throws a BAD_REQUEST_ERROR for three letters that are nobody's money. */
export function requireCurrency(code: string): void {
  if (isCurrency(code)) return
  throw new GatewayError('BAD_REQUEST_ERROR', 'currency must be an active ISO 4217 code, such as INR', {
    field: 'currency',
  })
}

/** Throws a BAD_REQUEST_ERROR for notes that are too long. */
export function requireShortNotes(notes: Record<string, unknown> | null, max = NOTES_MAX): void {
  if (notes === null || JSON.stringify(notes).length <= max) return
  throw new GatewayError('BAD_REQUEST_ERROR', `notes must be at most ${max} characters of JSON`, {
    field: 'notes',
  })
}
