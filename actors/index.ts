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
export { STANDARD_SCHEDULE } from './delivery/schedule.ts'
export { bodySignature, standardSignature } from './delivery/signature.ts'
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
