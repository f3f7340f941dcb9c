/** Types of the checkout: of `window.PaymentGateway`, which checkout.js sets, and of `loadCheckout`, which loads it. */

export interface PaymentGatewayOptions {
  /** Your publishable key, `key_test_...` or `key_live_...`. Never the secret. */
  key: string
  /** The order to pay, made by your server with POST /api/v1/orders. */
  orderId: string
  /** The order's `client_secret`, which your server was shown once: only the shopper's page can then open this order. */
  clientSecret?: string
  /** The bank has said yes. Let your server check `signature`, or wait for the webhook, before you ship. */
  onSuccess?: (payment: PaidPayment) => void
  /** A payment failed. The checkout stays open, and the shopper may try again. */
  onFailure?: (failure: FailedPayment) => void
  /** The checkout is gone; called once for every `open()`. */
  onClose?: (reason: CloseReason) => void
  /** What you know already, so that nobody types it again. */
  prefill?: Prefill
  theme?: Theme
  /** Default `auto`: the browser's language if it is one of these, else English. */
  locale?: 'auto' | 'en' | 'hi'
}

export interface Prefill {
  method?: 'upi' | 'card'
  /** UPI ID, `name@bank`. */
  vpa?: string
  /** Name on the card. */
  name?: string
}

export interface Theme {
  /** Your colour, as #rgb or #rrggbb. Where it would be hard to read, the checkout's own stands in. */
  color?: string
  /** Default `auto`: as the system is set. */
  mode?: 'auto' | 'light' | 'dark'
}

export interface PaidPayment {
  paymentId: string
  orderId: string
  /** Hex HMAC-SHA256 of `<orderId>|<paymentId>` under your webhook secret. */
  signature: string
}

export interface FailedPayment {
  /** The API's code, such as PAYMENT_FAILED, NOT_FOUND_ERROR or CONFLICT_ERROR. */
  code: string
  description: string
  /** Absent when it failed before there was a payment. */
  paymentId?: string
}

/**
 * `success`: after a payment. `failed`: after one that failed. `pending`: while the bank decides; the payment goes on, and its
 * webhook tells. `dismissed`: nothing was paid. `closed`: your page called `close()`.
 */
export type CloseReason = 'success' | 'failed' | 'pending' | 'dismissed' | 'closed'

export interface GatewayEvents {
  open: undefined
  ready: undefined
  payment_created: { paymentId: string }
  payment_success: PaidPayment
  payment_failed: FailedPayment
  close: { reason: CloseReason }
}

export declare class PaymentGateway {
  /** Throws a TypeError when `key` or `orderId` is missing. */
  constructor(options: PaymentGatewayOptions)
  /** Shows the checkout. One is shown at a time: another that was open is closed. */
  open(): void
  /** Takes it away at once, without asking. A payment that has begun goes on. */
  close(): void
  /** Hears an event. Returns how to stop hearing it. */
  on<Name extends keyof GatewayEvents>(name: Name, listener: (data: GatewayEvents[Name]) => void): () => void
}

export interface LoadOptions {
  /** Where the checkout is served, such as `https://checkout.example.com`. */
  origin: string
  /** Of a page with a strict Content-Security-Policy. */
  nonce?: string
  /** Subresource Integrity of checkout.js, `sha384-...`. */
  integrity?: string
}

/** Loads checkout.js once a page, however often it is called. Rejects when it can't be loaded; a later call tries again. */
export declare function loadCheckout(options: LoadOptions): Promise<typeof PaymentGateway>

declare global {
  interface Window {
    PaymentGateway: typeof PaymentGateway
  }
}
