/**
 * The one door into actors/: what the API and the processes may use of it, and what they need of the runtime beneath it.
 */
export type { Address } from '../runtime/address.ts'
export { toAddress } from '../runtime/address.ts'
export { Overloaded } from '../runtime/batcher.ts'
export type { Gauges, RuntimeClient } from '../runtime/client.ts'
export { monotonicMs, wallMs } from '../runtime/clock.ts'
export { Signal } from '../runtime/signal.ts'
export type { JournalEntry } from '../runtime/storage.ts'
export { StoreAway } from '../runtime/storage.ts'
export type { IdempotencyKey, NewOrder, NewPayment, Replay } from './accept.ts'
export { Acceptance } from './accept.ts'
export type { Acquirer, CardDetails } from './acquirers/acquirer.ts'
export { AddressRanges } from './delivery/address-ranges.ts'
export type { Dialler } from './delivery/dialler.ts'
export { STANDARD_SCHEDULE } from './delivery/schedule.ts'
export { bodySignature, standardSignature } from './delivery/signature.ts'
export { newSigningKey, publicKeyOf } from './delivery/signing-key.ts'
export { EVENT_DAYS } from './housekeeping.ts'
export { Inspection } from './inspection/inspection.ts'
export { BANK_DEADLINE_MS } from './payment/payment.ts'
export type { Payment, Refund } from './payment/state.ts'
export { toPayment } from './payment/store.ts'
export {
  acceptedPaymentView,
  acceptedRefundView,
  eventPayload,
  paymentView,
  publicPaymentView,
  refundView,
  samplePayment,
} from './payment/view.ts'
export { gatewayStorage } from './storage.ts'
export {
  checkEvents,
  checkHeaders,
  checkIntervals,
  checkUrl,
  LONG_SCHEDULE,
  MAX_ENDPOINTS,
  MAX_RATE,
  MAX_TIMEOUT_MS,
  MAX_URL_LENGTH,
  MIN_TIMEOUT_MS,
} from './webhooks/endpoint-policy.ts'
export type { KnownSecret, WebhookExplanation } from './webhooks/explain.ts'
export { explainWebhook } from './webhooks/explain.ts'
export type { Trial } from './webhooks/gauntlet.ts'
export { runGauntlet } from './webhooks/gauntlet.ts'
