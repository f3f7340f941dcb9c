/** What the checkout's API is asked for and what it answers, as far as the frame reads it. */

export interface Session {
  token: string
  order: { id: string; amount: number; currency: string; payable: boolean }
  merchant: { name: string; test: boolean }
  /** As asked for, when its origin is one of the merchant's. */
  return_url: string | null
}

export interface SessionRequest {
  key: string | null
  order_id: string
  client_secret?: string | undefined
  return_url?: string | undefined
}

/** What the server says of a payment. */
interface Answer {
  id: string
  order_id: string
  amount: number
  currency: string
  method: 'upi' | 'card'
  /** null: the bank has not named the payer of a QR code yet. */
  vpa?: string | null
  card_network?: string | null
  card_last4?: string | null
  status: 'pending' | 'success' | 'failed'
  /** How far a pending one has come. */
  stage: 'accepted' | 'sent'
  /** Until the bank is expected to answer; null: nobody knows. */
  expected_in_ms: number | null
  /** Until a pending one ends by itself. */
  expires_in_ms: number
  /** Of a QR code: what it says. */
  upi_link?: string
  error_code?: string
  error_description?: string
  updated_at: string
  /** Of a successful one. */
  signature?: string
}

export interface Payment extends Answer {
  /** As `expected_in_ms`, by performance.now(): the shopper's clock may be hours off, but it runs as fast as others. */
  expectedAtMs: number | null
  /** As `expires_in_ms`, by performance.now(). */
  expiresAtMs: number
}

export type Instrument =
  | { method: 'upi'; vpa: string }
  | { method: 'upi'; flow: 'qr' }
  | {
      method: 'card'
      card: { number: string; expiry_month: string; expiry_year: string; cvv: string; holder_name: string | null }
    }

export function withDeadlines(answer: Answer): Payment {
  const nowMs = performance.now()
  const { expected_in_ms: expectedInMs, expires_in_ms: expiresInMs } = answer
  return {
    ...answer,
    expectedAtMs: expectedInMs === null ? null : nowMs + expectedInMs,
    expiresAtMs: nowMs + expiresInMs,
  }
}
