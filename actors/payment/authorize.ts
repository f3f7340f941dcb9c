/**
 * From pending to success or failed: ask the bank once, then inquire until it has decided. A bank that never decides in time leaves
 * the payment failed, and what was asked of it is reversed until the bank confirms.
 */
import type { Bank, PaymentTurn, StepAnswer } from './bank.ts'
import { newOperation } from './bank.ts'
import { emit, touch } from './outgoing.ts'
import { inquiryDelayMs, openOperation } from './rules.ts'
import type { Operation, Payment } from './state.ts'

/** The first turn tells the merchant; a message of its own, so that the news need not wait for a bank that takes its time. */
export function announce(payment: Payment, turn: PaymentTurn): void {
  emit(payment, 'payment.created', turn)
  emit(payment, 'payment.pending', turn)
}

/**
 * `process` and `inquire`: the same step, because the operation itself knows whether the bank was asked. A pending payment without one is
 * the intent to authorize it, under a key that follows from its id: it was durable before anybody could act on it.
 */
export async function authorize(payment: Payment, bank: Bank, deadlineMs: number, turn: PaymentTurn): Promise<void> {
  if (payment.status !== 'pending') return
  const operation =
    openOperation(payment, 'authorize') ??
    newOperation(payment, 'authorize', `${payment.id}:authorize`, payment.amount, turn.now())
  const answer = await bank.step(payment, operation, turn, true)
  settle(payment, operation, answer, deadlineMs, turn)
}

/** Brings a pending payment to what the bank said of its authorization. */
export function settle(
  payment: Payment,
  operation: Operation,
  answer: StepAnswer,
  deadlineMs: number,
  turn: PaymentTurn,
): void {
  if (answer.state === 'done') return succeed(payment, answer.payer, turn)
  if (answer.state === 'declined') return fail(payment, answer.code, answer.description, turn)
  if (turn.now() - Date.parse(operation.createdAt) < deadlineMs) {
    turn.schedule('inquire', answer.state === 'pending' ? answer.askAgainMs : inquiryDelayMs(operation.asked))
    return
  }
  fail(payment, 'BANK_TIMEOUT', 'The bank did not answer in time', turn)
  turn.schedule('reverse', 0)
}

function succeed(payment: Payment, payer: string | undefined, turn: PaymentTurn): void {
  // A QR code was anybody's to scan: who did, the bank says.
  if (payment.method === 'upi') payment.vpa ??= payer ?? null
  payment.status = 'success'
  turn.cancel('inquire')
  touch(payment, turn)
  emit(payment, 'payment.success', turn)
}

function fail(payment: Payment, code: string, description: string, turn: PaymentTurn): void {
  payment.status = 'failed'
  payment.errorCode = code
  payment.errorDescription = description
  turn.cancel('inquire')
  touch(payment, turn)
  emit(payment, 'payment.failed', turn)
}

/**
 * Takes back an authorization that must not stand: the payment has failed or was canceled while the bank was still at work. It
 * goes on until the bank confirms, and the payment's status never changes again.
 */
export async function reverse(payment: Payment, bank: Bank, turn: PaymentTurn): Promise<void> {
  const authorization = openOperation(payment, 'authorize')
  const reversal =
    openOperation(payment, 'void') ??
    newOperation(payment, 'void', `${payment.id}:void:${Math.floor(turn.now())}`, payment.amount, turn.now())
  const answer = await bank.step(payment, reversal, turn)
  if (answer.state === 'done') {
    if (authorization) bank.record(payment, authorization, REVERSED, turn)
    return
  }
  if (answer.state === 'declined' && authorization) {
    // Nothing to release: the bank may have declined the authorization itself. If it says "done" now, the next void will find it.
    const found = await bank.step(payment, authorization, turn)
    if (found.state === 'declined') return
  }
  turn.schedule('reverse', answer.state === 'pending' ? answer.askAgainMs : inquiryDelayMs(reversal.asked))
}

const REVERSED = { state: 'declined', bankRef: null, code: 'REVERSED', description: 'Reversed by the gateway' } as const
