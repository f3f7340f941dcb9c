/** Nothing that was accepted stays open. */
import type { Invariant } from './invariant.ts'

export const everyCallIsDecided: Invariant = {
  name: 'every call of a merchant is answered with a decision',
  *check({ stories }) {
    for (const { paymentId, calls } of stories) {
      for (const { name, sent, status } of calls) {
        if (status === null) yield { payment: paymentId, what: `${name} was sent ${sent} times and never decided` }
        else if (status >= 400 && name === 'pay') yield { payment: paymentId, what: `pay was refused with ${status}` }
      }
    }
  },
}

export const everyPaymentEnds: Invariant = {
  name: 'every accepted payment comes to an end, and leaves nothing open',
  *check({ stories, payments, operations, refunds, inbox }) {
    for (const { paymentId } of stories) {
      if (paymentId === null) continue
      const payment = payments.get(paymentId)
      const breach = (what: string) => ({ payment: paymentId, what })
      if (!payment) {
        yield breach('was accepted and is not there')
        continue
      }
      if (payment.status === 'pending') yield breach('is still pending')
      if (payment.wake_at !== null) yield breach(`still waits: ${JSON.stringify(payment.timers)}`)
      for (const { key, state } of operations.get(paymentId) ?? []) {
        if (state === 'asking' || state === 'pending') yield breach(`operation ${key} is still ${state}`)
      }
      for (const { id, status } of refunds.get(paymentId) ?? []) {
        if (status === 'pending') yield breach(`refund ${id} is still pending`)
      }
      for (const { seq, command, handled_at: handledAt } of inbox.get(paymentId) ?? []) {
        if (handledAt === null) yield breach(`command ${seq} (${command}) was never handled`)
      }
    }
  },
}
