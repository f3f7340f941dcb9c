/** Orders, as the store makes them and reads them again. */
import { query } from '@solidjs/router'
import { get, newKey, post } from './api.ts'

export interface Order {
  id: string
  amount: number
  currency: string
  receipt: string | null
  status: 'created' | 'attempted' | 'paid'
  created_at: string
}

export interface NewOrder extends Order {
  /** Shown this once; with it only this page can open the order's checkout. */
  client_secret: string
}

export const readOrder = query((id: string) => get<Order>(`/api/v1/orders/${id}`), 'order')

export function createOrder(amount: number, currency: string, receipt: string): Promise<NewOrder> {
  return post('/api/v1/orders', { amount, currency, receipt }, newKey())
}
