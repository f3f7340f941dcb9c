/** Payments as the pages read them: lists, sums, one payment with its life, and what one may do with it. */
import { query } from '@solidjs/router'
import { get, type Params, post } from './api.ts'
import type { Page, Payment, PaymentSeries, PaymentSummary, Refund, TimelineEntry } from './types.ts'

const PATH = '/api/v1/payments'

export const readPayments = query((params: Params) => get<Page<Payment>>(PATH, params), 'payments')
export const readSummary = query((params: Params) => get<PaymentSummary>(`${PATH}/summary`, params), 'payment summary')
export const readSeries = query((period: string) => get<PaymentSeries>(`${PATH}/series`, { period }), 'payment series')
export const readPayment = query((id: string) => get<Payment>(`${PATH}/${id}`), 'payment')
export const readTimeline = query(
  (id: string) => get<{ data: TimelineEntry[] }>(`${PATH}/${id}/timeline`).then(({ data }) => data),
  'timeline',
)
export const readRefunds = query(
  (paymentId: string) =>
    get<Page<Refund>>('/api/v1/refunds', { payment_id: paymentId, limit: 100 }).then(({ data }) => data),
  'refunds',
)

/** `amount` in minor units; none captures all of it. */
export function capture(id: string, amount: number, key: string): Promise<Payment> {
  return post(`${PATH}/${id}/capture`, { amount }, key)
}

export function cancel(id: string, key: string): Promise<Payment> {
  return post(`${PATH}/${id}/cancel`, {}, key)
}

export function refund(id: string, amount: number, reason: string | null, key: string): Promise<Refund> {
  return post(`${PATH}/${id}/refunds`, { amount, reason }, key)
}
