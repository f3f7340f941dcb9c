/** A payment as the shopper who makes it may see it: also how far it has come, and once it succeeded the proof for the merchant's server. */
import { createHmac } from 'node:crypto'
import { acceptedPaymentView, BANK_DEADLINE_MS, type NewPayment, type Payment } from '../../actors/index.ts'

/** What the rows beside a payment say of its way. */
export interface Progress {
  /** The bank was asked. */
  sent: boolean
  /** Until the bank is expected to answer, ms; null: nobody knows. */
  expectedInMs: number | null
  /** Since it was accepted. */
  ageMs: number
}

export interface Shop {
  /** As the payer's UPI app shows it. */
  name: string
  webhookSecret: () => string
}

const JUST_ACCEPTED: Progress = { sent: false, expectedInMs: null, ageMs: 0 }

export function acceptedCheckoutView(payment: NewPayment, shop: Shop) {
  const { vpa, cardNetwork, cardLast4, createdAt } = payment
  const row = { ...payment, vpa, cardNetwork, cardLast4, status: 'pending' as const, updatedAt: createdAt }
  return checkoutView({ ...row, errorCode: null, errorDescription: null }, JUST_ACCEPTED, shop)
}

type Shown = Parameters<typeof acceptedPaymentView>[0] & Pick<Payment, 'updatedAt' | 'errorCode' | 'errorDescription'>

export function checkoutView(payment: Shown, { sent, expectedInMs, ageMs }: Progress, shop: Shop) {
  const { status, errorCode, errorDescription } = payment
  return {
    // The merchant's notes are its own.
    ...acceptedPaymentView({ ...payment, notes: null }),
    stage: sent ? 'sent' : 'accepted',
    expected_in_ms: status === 'pending' ? expectedInMs : null,
    expires_in_ms: status === 'pending' ? Math.max(0, BANK_DEADLINE_MS - ageMs) : 0,
    updated_at: payment.updatedAt,
    ...(isOpenCode(payment) ? { upi_link: upiLink(payment, shop.name) } : {}),
    ...(errorCode === null ? {} : { error_code: errorCode }),
    ...(errorDescription === null ? {} : { error_description: errorDescription }),
    ...(status === 'success' ? { signature: signature(payment, shop.webhookSecret()) } : {}),
  }
}

/** A QR code that nobody has paid: UPI without a payer. */
export function isOpenCode({ method, vpa, status }: Pick<Payment, 'method' | 'vpa' | 'status'>): boolean {
  return method === 'upi' && vpa === null && status === 'pending'
}

/**
 * What the QR code says and the app link opens, by NPCI's UPI linking specification. UPI moves rupees, so the amount has two decimals.
 * The simulated bank receives for every merchant under a name of its own making.
 */
function upiLink(
  { id, orderId, amount, currency }: Pick<Payment, 'id' | 'orderId' | 'amount' | 'currency'>,
  name: string,
): string {
  const payee = `${name.toLowerCase().replace(/[^a-z0-9]/g, '') || 'merchant'}@sim`
  const rupees = `${Math.floor(amount / 100)}.${String(amount % 100).padStart(2, '0')}`
  const fields = { pa: payee, pn: name, am: rupees, cu: currency, tr: id, tn: orderId }
  return `upi://pay?${Object.entries(fields)
    .map(([field, value]) => `${field}=${encodeURIComponent(value).replace('%40', '@')}`)
    .join('&')}`
}

/** What the merchant's server checks: hex HMAC-SHA256 of `<orderId>|<paymentId>`, the whole secret string as the key. */
function signature({ orderId, id }: Pick<Payment, 'orderId' | 'id'>, secret: string): string {
  return createHmac('sha256', secret).update(`${orderId}|${id}`).digest('hex')
}
