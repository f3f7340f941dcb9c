/**
 * Money back. The command only decides and promises: it reserves the amount and answers at once. The bank is asked by a timer of the
 * refund's own, so a hundred refunds in a row wait for nobody, and each ends processed or failed.
 */
import { type Bank, newOperation, type PaymentTurn } from './bank.ts'
import { answer, emit, refuse, touch } from './outgoing.ts'
import { inquiryDelayMs, isRefundable, refundableAmount } from './rules.ts'
import type { Payment, Refund } from './state.ts'
import { acceptedRefundView } from './view.ts'

export interface RefundCommand {
  /** Chosen by the API, so that an answer in time and a late one name the same refund. It is also the bank's key. */
  refundId: string
  amount: number
  reason: string | null
  notes: Record<string, unknown> | null
  /** When the command was written, ms of the turn's clock. */
  askedAtMs: number
}

/**
 * Whoever asked longer ago than this may have been told 202 and the refund's id. The API waits ten seconds; one is left for the
 * way back, and in that one a refusal may be told twice, which is better than not at all.
 */
const PROMISED_AFTER_MS = 9_000

const timerOf = (refundId: string) => `refund:${refundId}`

export function requestRefund(payment: Payment, command: RefundCommand, turn: PaymentTurn): void {
  const refund: Refund = {
    id: command.refundId,
    paymentId: payment.id,
    merchantId: payment.merchantId,
    amount: command.amount,
    reason: command.reason,
    notes: command.notes,
    status: 'pending',
    errorCode: null,
    errorDescription: null,
    createdAt: new Date(turn.now()).toISOString(),
    processedAt: null,
  }
  if (!isRefundable(payment)) return refuseRefund(payment, refund, 'Payment not in refundable state', command, turn)
  if (command.amount > refundableAmount(payment))
    return refuseRefund(payment, refund, 'Refund amount exceeds available amount', command, turn, 'amount')
  payment.refunds.push(refund)
  turn.write({ table: 'refunds', row: refund })
  turn.schedule(timerOf(refund.id), 0)
  touch(payment, turn)
  emit(payment, 'refund.created', turn, refund)
  answer(turn, 201, acceptedRefundView(refund))
}

/** A refusal in time leaves nothing behind. A late one concerns a refund that its merchant knows as pending: it has failed, and says so. */
function refuseRefund(
  payment: Payment,
  refund: Refund,
  description: string,
  { askedAtMs }: RefundCommand,
  turn: PaymentTurn,
  field?: string,
): void {
  refuse(turn, description, field)
  if (turn.now() - askedAtMs < PROMISED_AFTER_MS) return
  const failed: Refund = { ...refund, status: 'failed', errorCode: 'BAD_REQUEST_ERROR', errorDescription: description }
  turn.write({ table: 'refunds', row: failed })
  emit(payment, 'refund.failed', turn, failed)
}

/** The timer `refund:<id>`: asks the bank, then inquires until it has decided. Money that is owed is asked for without an end. */
export async function carryRefund(payment: Payment, refundId: string, bank: Bank, turn: PaymentTurn): Promise<void> {
  const refund = payment.refunds.find(({ id }) => id === refundId)
  if (!refund) return
  const operation =
    payment.operations.find(({ key }) => key === refundId) ??
    newOperation(payment, 'refund', refundId, refund.amount, turn.now())
  const said = await bank.step(payment, operation, turn)
  if (said.state === 'pending') return turn.schedule(timerOf(refundId), said.askAgainMs)
  if (said.state === 'silent') return turn.schedule(timerOf(refundId), inquiryDelayMs(operation.asked))
  const settled: Refund =
    said.state === 'done'
      ? { ...refund, status: 'processed', processedAt: new Date(turn.now()).toISOString() }
      : { ...refund, status: 'failed', errorCode: said.code, errorDescription: said.description }
  payment.refunds = payment.refunds.filter(({ id }) => id !== refundId)
  if (settled.status === 'processed') payment.amountRefunded += settled.amount
  turn.write({ table: 'refunds', row: settled })
  touch(payment, turn)
  emit(payment, `refund.${settled.status}`, turn, settled)
}
