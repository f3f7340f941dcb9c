/**
 * The payment actor: one table of messages, each a business rule in a file beside this one. Refunds and everything asked of a bank
 * are part of the payment, so whatever concerns its money is decided one turn at a time.
 */
import { type ActorDefinition, defineActor } from '../../runtime/actor.ts'
import type { Store } from '../../runtime/storage.ts'
import type { Acquirer } from '../acquirers/acquirer.ts'
import { announce, authorize, reverse } from './authorize.ts'
import { Bank, type PaymentTurn } from './bank.ts'
import { cancel, capture } from './capture.ts'
import { carryRefund, requestRefund } from './refund.ts'
import type { Payment, PaymentEvent, PaymentRow } from './state.ts'

interface RefundBody {
  refund_id: string
  amount: number
  reason: string | null
  notes?: Record<string, unknown> | null
}

export interface PaymentOptions {
  store: Store<Payment, PaymentRow, PaymentEvent>
  acquirer: Acquirer
  /** From asking the bank to giving up on its answer, ms. */
  bankDeadlineMs?: number | undefined
  /** A call that takes longer is inquired about, ms. */
  bankTimeoutMs?: number | undefined
}

/** Three minutes: longer than any bank that answers at all. */
export const BANK_DEADLINE_MS = 180_000

export function definePayment(options: PaymentOptions): ActorDefinition {
  const bank = new Bank(options.acquirer, options.bankTimeoutMs)
  const deadlineMs = options.bankDeadlineMs ?? BANK_DEADLINE_MS
  return defineActor<Payment, PaymentRow, PaymentEvent>({
    kind: 'payment',
    store: options.store,
    slots: 256,
    deadlineMs: 15_000,
    handlers: {
      announce: (payment, _message, turn) => announce(payment, turn),
      process: (payment, _message, turn) => authorize(payment, bank, deadlineMs, turn),
      inquire: (payment, _message, turn) => authorize(payment, bank, deadlineMs, turn),
      reverse: (payment, _message, turn) => reverse(payment, bank, turn),
      capture: (payment, { seq, body }: { seq: number; body: { amount?: number } }, turn) =>
        capture(payment, { seq, amount: body.amount ?? null }, bank, turn),
      cancel: (payment, { seq, body }: { seq: number; body: { only_pending?: boolean } }, turn) =>
        cancel(payment, { seq, onlyPending: body.only_pending ?? false }, bank, turn),
      refund: (payment, message: { kind: string; name: string; body: unknown; at: number }, turn) => {
        if (message.kind === 'timer') return carryRefund(payment, message.name.slice('refund:'.length), bank, turn)
        const { refund_id: refundId, amount, reason, notes = null } = message.body as RefundBody
        return requestRefund(payment, { refundId, amount, reason, notes, askedAtMs: message.at }, turn)
      },
      bank_answer: (payment, { body }: { body: { key: string } }, turn) => hear(payment, body.key, turn),
    },
  })
}

/**
 * The bank called back about an operation. It is a doorbell, not an answer: an open operation is inquired about at once, and whatever
 * concerns a closed one - a second answer, a late one - is noted and changes nothing.
 */
function hear(payment: Payment, key: string, turn: PaymentTurn): void {
  const operation = payment.operations.find((open) => open.key === key)
  turn.note({ kind: 'attempt', name: 'callback', detail: { key, answer: operation ? 'open' : 'closed, ignored' } })
  if (operation?.kind === 'refund') turn.schedule(`refund:${key}`, 0)
  if (operation?.kind === 'authorize') turn.schedule(payment.status === 'pending' ? 'inquire' : 'reverse', 0)
}
