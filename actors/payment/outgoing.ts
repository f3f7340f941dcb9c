/** What leaves a payment: events for its merchant, and answers to the commands that its merchant sent. */
import type { ErrorCode } from '../../schema/errors.ts'
import { newId } from '../../schema/ids.ts'
import type { PaymentTurn } from './bank.ts'
import type { Payment, Refund } from './state.ts'
import { eventPayload, paymentView, refundView } from './view.ts'

/** Marks the payment as changed now, and tells its merchant. Call it after the last save of a message: it moves `eventSeq`. */
export function emit(payment: Payment, type: string, turn: PaymentTurn, refund?: Refund): void {
  payment.eventSeq++
  const data = refund
    ? { refund: refundView(refund), payment: paymentView(payment) }
    : { payment: paymentView(payment) }
  const payload = eventPayload(type, turn.now(), data, payment.eventSeq)
  turn.emit({ id: newId('evt_'), type, sequence: payment.eventSeq, payload })
}

export function touch(payment: Payment, turn: PaymentTurn): void {
  payment.updatedAt = new Date(turn.now()).toISOString()
}

/** The HTTP answer that the waiting call gives. */
export function answer(turn: PaymentTurn, status: number, body: object): void {
  turn.reply({ status, body })
}

export function refuse(turn: PaymentTurn, description: string, field?: string): void {
  const code: ErrorCode = 'BAD_REQUEST_ERROR'
  turn.reply({ status: 400, body: { error: { code, description, ...(field ? { field } : {}) } } })
}
