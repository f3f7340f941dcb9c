/**
 * Refunds: a part of their payment, so its actor decides whether there is enough left. The id is made here, before the decision, so
 * that an answer in time and a late one speak of the same refund.
 */
import { Type } from 'typebox'
import { acceptedRefundView, refundView, wallMs } from '../../actors/index.ts'
import { GatewayError } from '../../schema/errors.ts'
import { newId } from '../../schema/ids.ts'
import type { App } from '../app.ts'
import { failures, listOf, ref } from '../components.ts'
import { created, equals, filter } from '../filters.ts'
import { beyond, pageOf, pageQuery, pageRequest, periodQuery, placeOf } from '../lists.ts'
import { findRefund, refundOf } from '../refund-rows.ts'
import { IdempotencyHeader, Notes, nullable, oneOf, Part, PaymentParams, RefundParams } from '../schemas.ts'
import type { Services } from '../services.ts'
import { PAYMENT_NOTES_MAX, requireShortNotes } from '../validation/order.ts'

const RefundBody = Type.Object({
  amount: Part,
  reason: Type.Optional(nullable(Type.String({ maxLength: 512 }))),
  notes: Type.Optional(nullable(Notes)),
})

const RefundFilters = Type.Object({
  ...pageQuery,
  ...periodQuery,
  payment_id: Type.Optional(Type.String({ maxLength: 64 })),
  status: Type.Optional(oneOf('pending', 'processed', 'failed')),
})

export function refundRoutes(app: App, { database, commands, counts }: Services): void {
  app.post(
    '/api/v1/payments/:id/refunds',
    {
      schema: {
        tags: ['refunds'],
        summary: 'Give money back',
        headers: IdempotencyHeader,
        params: PaymentParams,
        body: RefundBody,
        response: { 201: ref('AcceptedRefund'), 202: ref('AcceptedRefund'), ...failures },
      },
    },
    (request, reply) => {
      const paymentId = request.params.id
      const { amount, reason = null, notes = null } = request.body
      requireShortNotes(notes, PAYMENT_NOTES_MAX)
      const objectId = newId('rfnd_')
      const createdAt = new Date(wallMs()).toISOString()
      const body = { refund_id: objectId, amount, reason, notes }
      return commands.ask(
        request,
        reply,
        { kind: 'payment', noun: 'Payment', actorId: paymentId, name: 'refund', body, objectId },
        async (id) => acceptedRefundView({ id, paymentId, amount, reason, notes, status: 'pending', createdAt }),
      )
    },
  )

  app.get(
    '/api/v1/refunds/:id',
    {
      schema: {
        tags: ['refunds'],
        summary: 'A refund as it stands',
        params: RefundParams,
        response: { 200: ref('Refund'), ...failures },
      },
    },
    async ({ merchant, params }) => {
      const refund = await findRefund(database, merchant.id, params.id)
      if (!refund) throw new GatewayError('NOT_FOUND_ERROR', 'Refund not found')
      return refundView(refund)
    },
  )

  app.get(
    '/api/v1/refunds',
    {
      schema: {
        tags: ['refunds'],
        summary: 'Refunds, newest first',
        querystring: RefundFilters,
        response: { 200: listOf('Refund'), ...failures },
      },
    },
    async ({ merchant, query }) => {
      const asked = filter('refunds', merchant.id, [
        ...created('refunds', query),
        equals('refunds.payment_id', query.payment_id),
        equals('refunds.status', query.status),
      ])
      const page = pageRequest(query)
      const [found, count] = await Promise.all([
        database.kysely
          .selectFrom('refunds')
          .selectAll()
          .select(placeOf('refunds').as('place'))
          .where(asked.where)
          .where(beyond('refunds', page))
          .orderBy('created_at', 'desc')
          .orderBy('id', 'desc')
          .limit(page.limit + 1)
          .offset(page.offset)
          .execute(),
        counts.count('refunds', merchant.id, asked),
      ])
      return pageOf(found, page, count, (row) => refundView(refundOf(row)))
    },
  )
}
