/** Payments: accepted at once and decided later, by the payment's actor. */
import { paymentView } from '../../actors/index.ts'
import type { App } from '../app.ts'
import { failures, listOf, ref } from '../components.ts'
import { beyond, pageOf, pageRequest, placeOf } from '../lists.ts'
import { PaymentFilters, paymentFilter } from '../payment-filters.ts'
import { findPayment, paymentOf } from '../payment-rows.ts'
import { NewPaymentBody, Payments } from '../payments.ts'
import { IdempotencyHeader, PaymentParams } from '../schemas.ts'
import type { Services } from '../services.ts'

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
