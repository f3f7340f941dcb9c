/** What an order may say beyond its schema. */
import { GatewayError } from '../../schema/errors.ts'
import { isCurrency } from '../../schema/money.ts'

/** Notes are the merchant's own, so their form is free; their size is not. Characters of JSON. */
export const NOTES_MAX = 16_384

/** Throws a BAD_REQUEST_ERROR for three letters that are nobody's money. */
export function requireCurrency(code: string): void {
  if (isCurrency(code)) return
  throw new GatewayError('BAD_REQUEST_ERROR', 'currency must be an active ISO 4217 code, such as INR', {
    field: 'currency',
  })
}

/** Throws a BAD_REQUEST_ERROR for notes that are too long. */
export function requireShortNotes(notes: Record<string, unknown> | null): void {
  if (notes === null || JSON.stringify(notes).length <= NOTES_MAX) return
  throw new GatewayError('BAD_REQUEST_ERROR', `notes must be at most ${NOTES_MAX} characters of JSON`, {
    field: 'notes',
  })
}
