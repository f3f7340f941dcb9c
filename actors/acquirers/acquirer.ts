/**
 * A connection to a bank. One file a bank stands beside this one; the simulator is the default.
 *
 * Every call carries our idempotency key (`operation.key`): asking twice under one key must move money once. A call that
 * throws, or does not answer in time, has an unknown outcome: only an inquiry, or the same key again, may follow.
 */

/** Something asked of a bank. `amount` is in the currency's minor unit. */
export interface BankOperation {
  key: string
  payment: string
  amount: number
  currency: string
  instrument: string
}

export type BankAnswer =
  /** `payer`: the UPI address that paid, where the bank names it: the only word of who scanned a QR code. */
  | { state: 'done'; bankRef: string; payer?: string }
  | { state: 'declined'; bankRef: string | null; code: string; description: string }
  /** The bank is at work: inquire again after `askAgainMs`. */
  | { state: 'pending'; askAgainMs: number }

/** What the card form holds. It lives in memory between the request and `tokenize`, nowhere else. */
export interface CardDetails {
  number: string
  expiryMonth: number
  expiryYear: number
  cvv: string
  holderName: string | null
}

/**
 * Throws when the caller must not be seen outside any more. Who opens connections calls it when there is one, just before the
 * first byte: a process that was stopped while it connected would otherwise call the bank a minute later.
 */
export type MayLeave = () => void

export interface Acquirer {
  /** Trades an instrument for the acquirer's token. The token says nothing that must not stand in a table. No VPA: a QR code. */
  tokenize(
    instrument: { method: 'card'; card: CardDetails } | { method: 'upi'; vpa: string | null },
    test: boolean,
  ): Promise<string>
  authorize(operation: BankOperation, signal: AbortSignal, mayLeave?: MayLeave): Promise<BankAnswer>
  capture(operation: BankOperation, signal: AbortSignal, mayLeave?: MayLeave): Promise<BankAnswer>
  /** Releases what was authorized under the payment and not captured. */
  void(operation: BankOperation, signal: AbortSignal, mayLeave?: MayLeave): Promise<BankAnswer>
  refund(operation: BankOperation, signal: AbortSignal, mayLeave?: MayLeave): Promise<BankAnswer>
  /** `unknown`: the bank never heard of this key, so the same key may be sent again. */
  inquire(key: string, signal: AbortSignal, mayLeave?: MayLeave): Promise<BankAnswer | { state: 'unknown' }>
}

/** The bank speaks of its own accord about an operation: later than we waited, or a second time. */
export interface LateAnswer {
  /** The operation's. */
  key: string
  payment: string
  answer: BankAnswer
}

/** An acquirer whose bank also calls back. What it says is a reason to inquire, never an answer by itself. */
export interface CallingAcquirer extends Acquirer {
  /** Returns how to stop listening. */
  onLateAnswer(listener: (late: LateAnswer) => void): () => void
}
