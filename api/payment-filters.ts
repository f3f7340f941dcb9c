/** Which payments of a merchant are meant: by state, order, method, amount, time, or by any id that leads to them. */
import { sql } from 'kysely'
import { type Static, Type } from 'typebox'
import { created, equals, type Filter, filter } from './filters.ts'
import { pageQuery, periodQuery } from './lists.ts'
import { oneOf } from './schemas.ts'

/** An order may have been paid again and again: so many of its payments a search looks at. */
const NAMED = 10_000

/** What payments are chosen by, in their list and in what is summed up of them. */
export const paymentChoice = {
  ...periodQuery,
  status: Type.Optional(oneOf('pending', 'success', 'failed')),
  order_id: Type.Optional(Type.String({ maxLength: 64 })),
  method: Type.Optional(oneOf('upi', 'card')),
  amount: Type.Optional(Type.Integer({ minimum: 0 })),
  q: Type.Optional(Type.String({ minLength: 1, maxLength: 255, description: "Any id, or an order's receipt" })),
  refunded: Type.Optional(oneOf('true', 'false')),
}

/**
 * Whoever is pending owes itself a turn, and so has a wake-up. Said in the query, it lets the few that are open be found in the index
 * of what is due; without it the last page of a million payments is read for them, or every payment accepted keeps one more index.
 */
const OPEN = sql<boolean>`payments.wake_at is not null`

export const PaymentFilters = Type.Object({ ...pageQuery, ...paymentChoice })
const PaymentChoice = Type.Object(paymentChoice)

export function paymentFilter(merchantId: string, query: Static<typeof PaymentChoice>): Filter {
  const { status, order_id: orderId, method, amount, q, refunded } = query
  return filter('payments', merchantId, [
    ...created('payments', query),
    equals('payments.status', status),
    status === 'pending' ? OPEN : null,
    equals('payments.order_id', orderId),
    equals('payments.method', method),
    equals('payments.amount', amount),
    refunded === undefined ? null : sql<boolean>`(payments.amount_refunded > 0) = ${refunded === 'true'}`,
    q === undefined ? null : sql<boolean>`payments.id = any(array(${paymentsNamed(merchantId, q)}))`,
  ])
}

/**
 * Payments that an id or a receipt leads to. Each branch is a look-up in an index, which an `or` over all of them would not be; and
 * as an array it is evaluated once, where a subquery may be joined row by row to everything the merchant has.
 */
function paymentsNamed(merchantId: string, q: string) {
  return sql`select id from (
    select id from payments where id = ${q}
    union all select id from payments where merchant_id = ${merchantId} and order_id = ${q}
    union all select p.id from orders o join payments p on p.merchant_id = o.merchant_id and p.order_id = o.id
      where o.merchant_id = ${merchantId} and o.receipt = ${q}
    union all select payment_id from refunds where id = ${q}
    union all select payment_id from events where id = ${q} and payment_id is not null
    union all select payment_id from webhook_deliveries where id = ${asUuid(q)}::uuid and payment_id is not null
    ) named limit ${NAMED}`
}

function asUuid(text: string): string | null {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ? text : null
}
