/**
 * One step of one operation at the bank. The intent is durable before the bank hears of it; an operation that is known to be asked is
 * inquired about, and repeated under the same key only when the bank never heard of it. There is never a second key while one is open.
 */
import type { Turn } from '../../runtime/actor.ts'
import { LeaseLost } from '../../runtime/actor.ts'
import { monotonicMs } from '../../runtime/clock.ts'
import { limited } from '../abortable.ts'
import type { Acquirer, BankAnswer, BankOperation } from '../acquirers/acquirer.ts'
import type { Operation, Payment, PaymentEvent, PaymentRow } from './state.ts'

export type PaymentTurn = Turn<PaymentRow, PaymentEvent>

/** `silent`: no answer in time, or an error; the outcome is unknown, and the operation stays open. */
export type StepAnswer = BankAnswer | { state: 'silent' }

/** A slower bank is inquired about, not awaited. */
export const BANK_CALL_TIMEOUT_MS = 10_000
/** What is known before the bank answers does not wait longer for it than this. */
const PATIENCE_MS = 250

export function newOperation(
  payment: Payment,
  kind: Operation['kind'],
  key: string,
  amount: number,
  now: number,
): Operation {
  const operation: Operation = {
    key,
    kind,
    amount,
    state: 'asking',
    bankRef: null,
    errorCode: null,
    asked: 0,
    createdAt: new Date(now).toISOString(),
  }
  payment.operations.push(operation)
  return operation
}

export class Bank {
  readonly #acquirer: Acquirer
  readonly #timeoutMs: number

  constructor(acquirer: Acquirer, timeoutMs = BANK_CALL_TIMEOUT_MS) {
    this.#acquirer = acquirer
    this.#timeoutMs = timeoutMs
  }

  /**
   * Asks or inquires once, and writes down what came of it. State and events of the payment are left to the caller.
   *
   * `intended`: the intent is durable already, as an authorization's is with its payment; so the bank is asked at once, and one commit
   * carries everything. Whoever dies before it leaves the intent as it was, and the next turn asks again under the same key.
   */
  async step(payment: Payment, operation: Operation, turn: PaymentTurn, intended = false): Promise<StepAnswer> {
    const fresh = operation.asked === 0
    operation.asked++
    if (fresh) turn.write({ table: 'operations', row: { ...operation } })
    if (fresh && !intended) await turn.save()
    const started = monotonicMs()
    const call = this.#call(payment, operation, fresh, turn)
    if (fresh && intended) await saveIfSlow(call, turn)
    const answer = await call
    this.record(payment, operation, answer, turn)
    turn.note({
      kind: 'attempt',
      name: fresh ? operation.kind : 'inquire',
      took: Math.round(monotonicMs() - started),
      detail: { key: operation.key, asked: operation.asked, answer: answer.state },
    })
    return answer
  }

  /** Brings an operation to what the bank said of it; a closed one leaves the payment's open operations. */
  record(payment: Payment, operation: Operation, answer: StepAnswer, turn: PaymentTurn): void {
    if (answer.state === 'pending') operation.state = 'pending'
    if (answer.state === 'done' || answer.state === 'declined') {
      operation.state = answer.state
      operation.bankRef = answer.bankRef
      operation.errorCode = answer.state === 'declined' ? answer.code : null
      payment.operations = payment.operations.filter((open) => open.key !== operation.key)
    }
    turn.write({ table: 'operations', row: { ...operation } })
  }

  async #call(payment: Payment, operation: Operation, fresh: boolean, turn: PaymentTurn): Promise<StepAnswer> {
    const request: BankOperation = {
      key: operation.key,
      payment: payment.id,
      amount: operation.amount,
      currency: payment.currency,
      instrument: payment.instrument,
    }
    try {
      return await limited(turn.signal, this.#timeoutMs, async (limit) => {
        if (!fresh) {
          const answer = await turn.effect((_signal, mayLeave) =>
            this.#acquirer.inquire(operation.key, limit, mayLeave),
          )
          if (answer.state !== 'unknown') return answer
        }
        // An effect of its own: whoever slept through the inquiry may have lost its lease, and must not ask any more.
        return await turn.effect((_signal, mayLeave) => this.#acquirer[operation.kind](request, limit, mayLeave))
      })
    } catch (error) {
      // Losing the lease, or the turn, is not an answer of the bank.
      if (error instanceof LeaseLost || turn.signal.aborted) throw error
      return { state: 'silent' }
    }
  }
}

async function saveIfSlow(call: Promise<unknown>, turn: PaymentTurn): Promise<void> {
  const { promise: patience, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(resolve, PATIENCE_MS, true)
  const answered = () => false
  const slow = await Promise.race([call.then(answered, answered), patience])
  clearTimeout(timer)
  if (slow) await turn.save()
}
