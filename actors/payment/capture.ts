/**
 * What a merchant does with a successful payment: take it or let it go. Both are commands that wait for the bank, so the caller's
 * answer is the actor's decision. While the bank is silent the command stays the head of the mailbox, and later ones wait.
 */
import { Retry } from '../../runtime/actor.ts'
import { type Bank, newOperation, type PaymentTurn, type StepAnswer } from './bank.ts'
import { answer, emit, refuse, touch } from './outgoing.ts'
import { capturableAmount, inquiryDelayMs, isCancelable, isCapturable, openOperation } from './rules.ts'
import type { Operation, Payment } from './state.ts'
import { paymentView } from './view.ts'

/** Takes all of it, or once a part of it; the rest is released. `amount` in minor units, null: all that was not refunded. */
export async function capture(
  payment: Payment,
  command: { seq: number; amount: number | null },
  bank: Bank,
  turn: PaymentTurn,
): Promise<void> {
  if (!isCapturable(payment)) return refuse(turn, 'Payment not in capturable state')
  const available = capturableAmount(payment)
  const amount = command.amount ?? available
  if (amount < 1 || amount > available) return refuse(turn, `amount must be between 1 and ${available}`, 'amount')
  const key = `${payment.id}:capture:${command.seq}`
  const operation = openOperation(payment, 'capture') ?? newOperation(payment, 'capture', key, amount, turn.now())
  const said = await bank.step(payment, operation, turn)
  if (!isDecided(said)) throw await waiting(operation, said, turn)
  if (said.state === 'declined') return refuse(turn, `The bank declined the capture: ${said.description}`)
  payment.capturedAmount = operation.amount
  touch(payment, turn)
  emit(payment, 'payment.captured', turn)
  answer(turn, 200, paymentView(payment))
}

/**
 * Lets it go: pending fails at once and is reversed at the bank; success and not captured is released there first. `onlyPending`:
 * a success is kept, for whoever gives up waiting and not the money.
 */
export async function cancel(
  payment: Payment,
  command: { seq: number; onlyPending: boolean },
  bank: Bank,
  turn: PaymentTurn,
): Promise<void> {
  const kept = command.onlyPending && payment.status !== 'pending'
  if (kept || !isCancelable(payment)) return refuse(turn, 'Payment not in cancelable state')
  if (payment.status === 'pending') {
    payment.status = 'failed'
    payment.errorCode = 'PAYMENT_CANCELED'
    payment.errorDescription = 'The payment was canceled by the merchant'
    turn.cancel('process')
    turn.cancel('inquire')
    // Whether or not an operation stands: a turn may have asked the bank and died before it could write so.
    turn.schedule('reverse', 0)
  } else {
    const amount = capturableAmount(payment)
    if (amount > 0) {
      const key = `${payment.id}:void:${command.seq}`
      const operation = openOperation(payment, 'void') ?? newOperation(payment, 'void', key, amount, turn.now())
      const said = await bank.step(payment, operation, turn)
      if (!isDecided(said)) throw await waiting(operation, said, turn)
      if (said.state === 'declined') return refuse(turn, `The bank declined to release the amount: ${said.description}`)
    }
  }
  payment.canceled = true
  touch(payment, turn)
  emit(payment, 'payment.canceled', turn)
  answer(turn, 200, paymentView(payment))
}

function isDecided(said: StepAnswer): said is Extract<StepAnswer, { state: 'done' | 'declined' }> {
  return said.state === 'done' || said.state === 'declined'
}

/** What was asked is kept, so that the pause grows; the command stays the head. */
async function waiting(operation: Operation, said: StepAnswer, turn: PaymentTurn): Promise<Retry> {
  await turn.save()
  const delayMs = said.state === 'pending' ? said.askAgainMs : inquiryDelayMs(operation.asked)
  return new Retry(delayMs, `the bank has not decided on ${operation.key} yet`)
}
