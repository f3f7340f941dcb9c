/** The bank's books against the gateway's: the books are right, by definition. */
import type { Entry, Ledger } from '../bank/ledger.ts'
import type { Breach, Invariant } from './invariant.ts'

const done = (ledger: Ledger, payment: string, kind: Entry['kind']) =>
  ledger
    .of(payment)
    .filter((entry) => entry.kind === kind && ledger.stateOf(entry, Number.POSITIVE_INFINITY) === 'done')
const sum = (entries: Entry[]) => entries.reduce((total, { amount }) => total + amount, 0)

export const oneChargeAPayment: Invariant = {
  name: 'a payment is charged once at most, and one key is one operation',
  *check({ ledger, payments, clashes }) {
    for (const clash of clashes) yield { payment: null, what: `the bank heard one key for two things: ${clash}` }
    for (const { payment, kind } of ledger.all()) {
      if (!payments.has(payment)) yield { payment, what: `the bank was asked to ${kind} for a payment nobody knows` }
    }
    for (const payment of payments.keys()) {
      for (const kind of ['authorize', 'capture'] as const) {
        const charges = done(ledger, payment, kind)
        if (charges.length > 1) yield { payment, what: `${kind} happened ${charges.length} times at the bank` }
      }
    }
  },
}

export const booksAgree: Invariant = {
  name: 'the bank’s books and the payments agree',
  *check({ ledger, payments, refunds }) {
    for (const payment of payments.values()) {
      const { id, status } = payment
      const breach = (what: string): Breach => ({ payment: id, what })
      const [authorized, captured, voided, refunded] = (['authorize', 'capture', 'void', 'refund'] as const).map(
        (kind) => done(ledger, id, kind),
      ) as [Entry[], Entry[], Entry[], Entry[]]
      const kept = sum(authorized) > 0 && sum(voided) === 0
      if (status === 'success' && authorized.length !== 1) yield breach('is success, and the bank has not charged it')
      if (status === 'failed' && kept) yield breach('is failed, and the bank keeps its money')
      if (payment.canceled && captured.length > 0) yield breach('is canceled, and was captured at the bank')
      if (status === 'success' && !payment.canceled && voided.length > 0)
        yield breach('lives, and was voided at the bank')
      if (sum(captured) !== (payment.captured_amount ?? 0)) {
        yield breach(`captured ${payment.captured_amount}; at the bank ${sum(captured)}`)
      }
      if (sum(refunded) !== payment.amount_refunded) {
        yield breach(`refunded ${payment.amount_refunded}; at the bank ${sum(refunded)}`)
      }
      const paidBack = new Set(refunded.map(({ key }) => key))
      for (const refund of refunds.get(id) ?? []) {
        if (refund.status === 'processed' && !paidBack.has(refund.id))
          yield breach(`refund ${refund.id} never happened`)
        if (refund.status === 'failed' && paidBack.has(refund.id))
          yield breach(`refund ${refund.id} happened all the same`)
      }
    }
  },
}

export const refundsWithinCharge: Invariant = {
  name: 'no more is paid back than was charged',
  *check({ ledger, payments }) {
    for (const payment of payments.keys()) {
      const refunds = done(ledger, payment, 'refund')
      if (refunds.length === 0) continue
      const charged = sum(done(ledger, payment, 'authorize'))
      const [capture] = done(ledger, payment, 'capture')
      if (sum(refunds) > charged) yield { payment, what: `${sum(refunds)} of ${charged} were paid back` }
      const after = capture ? refunds.filter(({ at }) => at > capture.at) : []
      if (capture && sum(after) > capture.amount) {
        yield { payment, what: `${sum(after)} were paid back after a capture of ${capture.amount}` }
      }
    }
  },
}
