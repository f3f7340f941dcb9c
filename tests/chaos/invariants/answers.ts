/** What merchants were told against what happened. */
import type { Refund } from '../facts.ts'
import type { Invariant } from './invariant.ts'

export const oneOrderOnePayment: Invariant = {
  name: 'one Idempotency-Key makes one payment, and always gets the same answer',
  *check({ stories, payments }) {
    const byOrder = new Map<string, string[]>()
    for (const { id, order_id: order } of payments.values()) byOrder.set(order, [...(byOrder.get(order) ?? []), id])
    for (const { orderId, paymentId, calls } of stories) {
      const ids = byOrder.get(orderId) ?? []
      if (ids.length > 1)
        yield { payment: ids[0] as string, what: `order ${orderId} has ${ids.length} payments: ${ids}` }
      for (const { name, status, text, contradiction } of calls) {
        if (contradiction === null) continue
        yield { payment: paymentId, what: `${name} was answered ${status} ${text}, then ${contradiction}` }
      }
    }
  },
}

/** A refund whose id went out with a 202, and that was refused then: its merchant knows it, so it stands there as failed. */
export function isLateRefusal({ status, error_code: code }: Pick<Refund, 'status' | 'error_code'>): boolean {
  return status === 'failed' && code === 'BAD_REQUEST_ERROR'
}

export const answersAreTrue: Invariant = {
  name: 'what was answered is what happened',
  *check({ stories, payments, refunds }) {
    for (const { paymentId, calls } of stories) {
      const payment = paymentId === null ? undefined : payments.get(paymentId)
      if (!payment) continue
      const breach = (what: string) => ({ payment: payment.id, what })
      const accepted = (name: string) =>
        calls.filter((call) => call.name === name && call.status !== null && call.status < 300)
      const captures = accepted('capture').length
      const cancels = accepted('cancel').length
      if (captures !== (payment.captured_amount === null ? 0 : 1))
        yield breach(`${captures} captures were answered with 200`)
      if (cancels !== (payment.canceled ? 1 : 0)) yield breach(`${cancels} cancels were answered with 200`)
      const promised = accepted('refund').map(({ text }) => (JSON.parse(text) as { id: string }).id)
      const made = (refunds.get(payment.id) ?? []).filter((refund) => !isLateRefusal(refund)).map(({ id }) => id)
      if (promised.sort().join() !== made.sort().join()) yield breach(`refunds promised: ${promised}; made: ${made}`)
    }
  },
}
