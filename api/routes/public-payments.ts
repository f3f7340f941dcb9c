/** Paying and looking without any credentials, for test merchants: what the family's own pages call. Nothing private leaves here. */
import { publicPaymentView } from '../../actors/index.ts'
import type { App } from '../app.ts'
import { CheckoutMerchants } from '../checkout/merchants.ts'
import { failures, ref } from '../components.ts'
import { findTestPayment } from '../payment-rows.ts'
import { NewPaymentBody, Payments } from '../payments.ts'
import { IdempotencyHeader, PaymentParams } from '../schemas.ts'
import type { Services } from '../services.ts'

export function publicPaymentRoutes(app: App, services: Services): void {
  const { database } = services
  const merchants = new CheckoutMerchants(database)
  const payments = new Payments(services)

  app.post(
    '/api/v1/payments/public',
    {
      schema: {
        tags: ['checkout'],
        summary: "Pay an order of a test merchant's",
        security: [],
        headers: IdempotencyHeader,
        body: NewPaymentBody,
        response: { 201: ref('AcceptedPayment'), ...failures },
      },
    },
    async (request, reply) => {
      request.merchant = await merchants.find(null, request.body.order_id)
      request.keyScope = 'public '
      return payments.accept(request, reply, request.body)
    },
  )

  app.get(
    '/api/v1/payments/:id/public',
    {
      schema: {
        tags: ['payments'],
        summary: "What everybody may know of a test merchant's payment",
        security: [],
        params: PaymentParams,
        response: { 200: ref('PublicPayment'), ...failures },
      },
    },
    async (request) => publicPaymentView(await findTestPayment(database, request.params.id)),
  )
}
