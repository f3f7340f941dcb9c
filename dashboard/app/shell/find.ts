/** What an id leads to. Its prefix says where to ask, so every paste costs one or two look-ups by key. */
import { ApiError, get } from '../data/api.ts'
import { boot, isOperator } from '../data/boot.ts'
import type { Endpoint } from '../data/endpoints.ts'
import { readOrder } from '../data/orders.ts'
import { type Actor, idOf, placeOf } from '../data/runtime.ts'
import type { GatewayEvent, Page, Payment, Refund, Webhook } from '../data/types.ts'
import { money } from '../format/money.ts'

export interface Find {
  href: string
  id: string
  state: string
  /** What it is, in a few words. */
  words: string
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
/** Shorter is no id. */
const MIN_LENGTH = 3
const MAX_PAYMENTS = 5

type Lookup = (text: string) => Promise<Find[]>

const payments: Lookup = async (text) => {
  const { data } = await get<Page<Payment>>('/api/v1/payments', { q: text, limit: MAX_PAYMENTS })
  return data.map((payment) => ({
    href: `/dashboard/transactions/${payment.id}`,
    id: payment.id,
    state: payment.status,
    words: `payment, ${money(payment.amount, payment.currency)}, ${payment.status}`,
  }))
}

const delivery: Lookup = async (text) => {
  const { id, event, status } = await get<Webhook>(`/api/v1/webhooks/${text}`)
  return [{ href: `/dashboard/webhooks/${id}`, id, state: status, words: `delivery of ${event}, ${status}` }]
}

const refund: Lookup = async (text) => {
  const { id, payment_id: paymentId, status } = await get<Refund>(`/api/v1/refunds/${text}`)
  return [
    { href: `/dashboard/transactions/${paymentId}`, id, state: status, words: `refund of ${paymentId}, ${status}` },
  ]
}

const event: Lookup = async (text) => {
  const { id, type, data } = await get<GatewayEvent>(`/api/v1/events/${text}`)
  if (!data.payment) return []
  return [{ href: `/dashboard/transactions/${data.payment.id}`, id, state: 'none', words: `event ${type}` }]
}

/** One that has been paid is found with its payments. */
const order: Lookup = async (text) => {
  const { id, amount, currency, status } = await readOrder(text)
  if (status !== 'created') return []
  const words = `order, ${money(amount, currency)}, nobody has paid yet`
  return [{ href: `/dashboard/transactions?order=${id}`, id, state: status, words }]
}

const endpoint: Lookup = async (text) => {
  const { id, url, status } = await get<Endpoint>(`/api/v1/webhook_endpoints/${text}`)
  return [{ href: '/dashboard/webhooks', id, state: status, words: `endpoint, ${url}` }]
}

const request: Lookup = async (text) => {
  const href = `/dashboard/logs?q=${encodeURIComponent(text)}`
  return [{ href, id: text, state: 'none', words: 'request, in the logs' }]
}

const actor: Lookup = async (text) => {
  const found = await get<Actor>(`/api/v1/actors/${encodeURIComponent(text)}`)
  const id = idOf(found.address)
  return [
    {
      href: `/dashboard/actors/${encodeURIComponent(id)}`,
      id,
      state: placeOf(found),
      words: `actor, ${found.sentence}`,
    },
  ]
}

const BY_PREFIX: Record<string, Lookup> = { order_: order, rfnd_: refund, evt_: event, whe_: endpoint }

function lookupsOf(text: string): Lookup[] {
  const mine = Object.entries(BY_PREFIX).filter(([prefix]) => text.startsWith(prefix))
  const uuid = UUID.test(text)
  return [
    ...(boot.account?.merchant ? [payments, ...mine.map(([, lookup]) => lookup), ...(uuid ? [delivery] : [])] : []),
    ...(isOperator() && (uuid || text.startsWith('pay_') || text.includes('/')) ? [actor] : []),
    ...(isOperator() && text.startsWith('req_') ? [request] : []),
  ]
}

/** Everything that goes by this id. What is not found is not shown; an API that does not answer is an error. */
export async function find(text: string): Promise<Find[]> {
  if (text.length < MIN_LENGTH) return []
  const answers = await Promise.allSettled(lookupsOf(text).map((lookup) => lookup(text)))
  const broken = answers.find((answer) => answer.status === 'rejected' && !isMiss(answer.reason))
  if (broken?.status === 'rejected') throw broken.reason
  return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
}

/** The API looked, and there is no such thing, or none for this one to see. */
function isMiss(error: unknown): boolean {
  return error instanceof ApiError && !error.passing
}
