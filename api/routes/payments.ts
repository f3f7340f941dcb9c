/** Payments: accepted at once and decided later, by the payment's actor. */
import { sql } from 'kysely'
import { type Static, Type } from 'typebox'
import { paymentView, publicPaymentView } from '../../actors/index.ts'
import type { App } from '../app.ts'
import { failures, listOf, ref } from '../components.ts'
import { created, equals, filter } from '../filters.ts'
import { beyond, pageOf, pageQuery, pageRequest, periodQuery, placeOf } from '../lists.ts'
import { findAnyPayment, findPayment, paymentOf } from '../payment-rows.ts'
import { NewPaymentBody, Payments } from '../payments.ts'
import { IdempotencyHeader, oneOf, PaymentParams } from '../schemas.ts'
import type { Services } from '../services.ts'

/** An order may have been paid again and again: so many of its payments a search looks at. */
const NAMED = 10_000

const PaymentFilters = Type.Object({
  ...pageQuery,
  ...periodQuery,
  status: Type.Optional(oneOf('pending', 'success', 'failed')),
  order_id: Type.Optional(Type.String({ maxLength: 64 })),
  method: Type.Optional(oneOf('upi', 'card')),
  amount: Type.Optional(Type.Integer({ minimum: 0 })),
  q: Type.Optional(Type.String({ minLength: 1, maxLength: 255, description: "Any id, or an order's receipt" })),
})

export function paymentRoutes(app: App, services: Services): void {
  const { database, counts } = services
  const payments = new Payments(services)

  app.post(
    '/api/v1/payments',
    {
      schema: {
        tags: ['payments'],
        summary: 'Accept a payment; the bank decides it later',
        headers: IdempotencyHeader,
        body: NewPaymentBody,
        response: { 201: ref('AcceptedPayment'), ...failures },
      },
    },
    (request, reply) => payments.accept(request, reply, request.body),
  )

  app.get(
    '/api/v1/payments/:id',
    {
      schema: {
        tags: ['payments'],
        summary: 'A payment as it stands',
        params: PaymentParams,
        response: { 200: ref('Payment'), ...failures },
      },
    },
    async (request) => paymentView(await findPayment(database, request.merchant.id, request.params.id)),
  )

  app.get(
    '/api/v1/payments',
    {
      schema: {
        tags: ['payments'],
        summary: 'Payments, newest first',
        querystring: PaymentFilters,
        response: { 200: listOf('Payment'), ...failures },
      },
    },
    async ({ merchant, query }) => {
      const asked = paymentFilter(merchant.id, query)
      const page = pageRequest(query)
      const [found, count] = await Promise.all([
        database.kysely
          .selectFrom('payments')
          .selectAll()
          .select(placeOf('payments').as('place'))
          .where(asked.where)
          .where(beyond('payments', page))
          .orderBy('created_at', 'desc')
          .orderBy('id', 'desc')
          .limit(page.limit + 1)
          .offset(page.offset)
          .execute(),
        counts.count('payments', merchant.id, asked),
      ])
      return pageOf(found, page, count, (row) => paymentView(paymentOf(row)))
    },
  )
}

export function publicPaymentRoutes(app: App, { database }: Services): void {
  app.get(
    '/api/v1/payments/:id/public',
    {
      schema: {
        tags: ['payments'],
        summary: 'What everybody may know of a payment',
        security: [],
        params: PaymentParams,
        response: { 200: ref('PublicPayment'), ...failures },
      },
    },
    async (request) => publicPaymentView(await findAnyPayment(database, request.params.id)),
  )
}

function paymentFilter(merchantId: string, query: Static<typeof PaymentFilters>) {
  const { status, order_id: orderId, method, amount, q } = query
  return filter('payments', merchantId, [
    ...created('payments', query),
    equals('payments.status', status),
    equals('payments.order_id', orderId),
    equals('payments.method', method),
    equals('payments.amount', amount),
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
