/**
 * Orders as the rest of the API needs them. An order never changes after it is made, so one that was seen once is known for
 * good: a payment of a known order costs no query. What has become of it - attempted, paid - is read from its payments.
 */
import { sql } from 'kysely'
import type { Acceptance, NewOrder } from '../actors/index.ts'
import type { Database, Statement } from '../schema/database.ts'
import { Cache } from './cache.ts'

export interface KnownOrder {
  amount: number
  currency: string
}

const KNOWN_ORDERS = 50_000
/**
 * Payments of one order that are looked at, the oldest first: a demo's order is paid again and again, and reading it must not get
 * slower each time. Oldest first, so that an order once paid stays paid; nine thousand of the largest amounts still add up exactly.
 */
const LOOKED_AT = 9_000

const FIND_ORDER: Statement = {
  name: 'api_find_order',
  text: 'select amount, currency from orders where merchant_id = $1 and id = $2',
}

export interface OrderProgress {
  status: 'created' | 'attempted' | 'paid'
  attempts: number
  amountPaid: number
  /** When its payments last changed; null without any. */
  changedAt: Date | null
}

export class Orders {
  readonly #database: Database
  readonly #acceptance: Acceptance
  readonly #known: Cache<KnownOrder>

  constructor(database: Database, acceptance: Acceptance) {
    this.#database = database
    this.#acceptance = acceptance
    this.#known = new Cache(async (key) => (await database.run<KnownOrder>(FIND_ORDER, split(key)))[0] ?? null, {
      max: KNOWN_ORDERS,
      ttlMs: () => Number.POSITIVE_INFINITY,
    })
  }

  /** null when the merchant has no such order. */
  find(merchantId: string, id: string): Promise<KnownOrder | null> {
    return this.#known.read(`${merchantId} ${id}`)
  }

  /** The order if this process has seen it before; null says nothing. */
  known(merchantId: string, id: string): KnownOrder | null {
    return this.#known.peek(`${merchantId} ${id}`)
  }

  /** The order as it stands in the end, whoever wrote it first. */
  async ensure(order: NewOrder): Promise<KnownOrder> {
    const { amount, currency } = await this.#acceptance.ensureOrder(order)
    const known = { amount, currency }
    this.#known.set(`${order.merchantId} ${order.id}`, known)
    return known
  }

  /** What has become of orders, by id; an order without payments is `created`. */
  async progress(merchantId: string, ids: string[]): Promise<Map<string, OrderProgress>> {
    const { rows } = await sql<{
      id: string
      attempts: number
      paid: boolean
      amount_paid: number
      changed_at: Date | null
    }>`
      select o.id, p.attempts, p.paid, p.amount_paid, p.changed_at
      from unnest(${ids}::text[]) as o (id) cross join lateral (
        select count(*)::int as attempts, coalesce(bool_or(status = 'success'), false) as paid, max(updated_at) as changed_at,
          coalesce(sum(coalesce(captured_amount, amount)) filter (where status = 'success' and not canceled), 0)::bigint as amount_paid
        from (
          select status, canceled, captured_amount, amount, updated_at from payments
          where merchant_id = ${merchantId} and order_id = o.id order by created_at limit ${LOOKED_AT}
        ) looked_at
      ) p
    `.execute(this.#database.kysely)
    return new Map(
      rows.map(({ id, attempts, paid, amount_paid: amountPaid, changed_at: changedAt }) => [
        id,
        { status: paid ? 'paid' : attempts > 0 ? 'attempted' : 'created', attempts, amountPaid, changedAt },
      ]),
    )
  }
}

function split(key: string): [merchantId: string, id: string] {
  const at = key.indexOf(' ')
  return [key.slice(0, at), key.slice(at + 1)]
}
