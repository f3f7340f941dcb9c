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
}

const timerOf = (refundId: string) => `refund:${refundId}`

export function requestRefund(payment: Payment, command: RefundCommand, turn: PaymentTurn): void {
  if (!isRefundable(payment)) return refuse(turn, 'Payment not in refundable state')
  if (command.amount > refundableAmount(payment))
    return refuse(turn, 'Refund amount exceeds available amount', 'amount')
  const refund: Refund = {
    id: command.refundId,
    paymentId: payment.id,
    merchantId: payment.merchantId,
    amount: command.amount,
    reason: command.reason,
    status: 'pending',
    errorCode: null,
    errorDescription: null,
    createdAt: new Date(turn.now()).toISOString(),
    processedAt: null,
  }
  payment.refunds.push(refund)
  turn.write({ table: 'refunds', row: refund })
  turn.schedule(timerOf(refund.id), 0)
  touch(payment, turn)
  emit(payment, 'refund.created', turn, refund)
  answer(turn, 201, acceptedRefundView(refund))
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
