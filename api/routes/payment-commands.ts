/** Capture and cancel: commands that the payment's actor decides, and whose answer is its decision. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { paymentView } from '../../actors/index.ts'
import type { App } from '../app.ts'
import { failures, ref } from '../components.ts'
import { findPayment } from '../payment-rows.ts'
import { IdempotencyHeader, nullable, Part, PaymentParams } from '../schemas.ts'
import type { Services } from '../services.ts'

/** A body may be missing: the original's call sends none. */
const CaptureBody = nullable(Type.Object({ amount: Type.Optional(nullable(Part)) }))
const CancelBody = nullable(Type.Object({}))

export function paymentCommandRoutes(app: App, { database, commands }: Services): void {
  const ask = (request: FastifyRequest, reply: FastifyReply, actorId: string, name: string, body: object) =>
    commands.ask(
      request,
      reply,
      { kind: 'payment', noun: 'Payment', actorId, name, body, objectId: actorId },
      async () => paymentView(await findPayment(database, request.merchant.id, actorId)),
    )

  app.post(
    '/api/v1/payments/:id/capture',
    {
      schema: {
        tags: ['payments'],
        summary: 'Take the money: all of it, or once a part, and the rest is released',
        headers: IdempotencyHeader,
        params: PaymentParams,
        body: CaptureBody,
        response: { 200: ref('Payment'), 202: ref('Payment'), ...failures },
      },
    },
    (request, reply) => {
      const amount = request.body?.amount ?? null
      return ask(request, reply, request.params.id, 'capture', amount === null ? {} : { amount })
    },
  )

  app.post(
    '/api/v1/payments/:id/cancel',
    {
      schema: {
        tags: ['payments'],
        summary: 'Let the money go: nothing is charged',
        headers: IdempotencyHeader,
        params: PaymentParams,
        body: CancelBody,
        response: { 200: ref('Payment'), 202: ref('Payment'), ...failures },
      },
    },
    (request, reply) => ask(request, reply, request.params.id, 'cancel', {}),
  )
}
