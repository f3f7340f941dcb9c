/** The checkout's own routes. They take no secret: a browser has a publishable key, and then a token that is good for one order. */
import { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import type { NewPayment } from '../../actors/index.ts'
import { GatewayError } from '../../schema/errors.ts'
import type { App } from '../app.ts'
import { MerchantSecrets } from '../checkout/merchant-secrets.ts'
import { CheckoutMerchants } from '../checkout/merchants.ts'
import { frameAncestors } from '../checkout/origins.ts'
import { CheckoutPayments } from '../checkout/payments.ts'
import { CheckoutSessions } from '../checkout/sessions.ts'
import { type Standing, Standings } from '../checkout/status.ts'
import { paymentEvents } from '../checkout/stream.ts'
import { CheckoutTokens, type Claims } from '../checkout/token.ts'
import { acceptedCheckoutView, checkoutView } from '../checkout/view.ts'
import { failures, ref } from '../components.ts'
import { IdempotencyHeader, nullable, OrderId, oneOf, PaymentParams } from '../schemas.ts'
import type { Services } from '../services.ts'
import { CardFields } from '../validation/card-body.ts'

const Key = Type.String({ minLength: 1, maxLength: 255, description: 'Publishable: key_test_... or key_live_...' })

const SessionBody = Type.Object({
  key: Type.Optional(nullable(Key)),
  order_id: OrderId,
  client_secret: Type.Optional(nullable(Type.String({ maxLength: 255 }))),
  return_url: Type.Optional(nullable(Type.String({ maxLength: 2_048 }))),
})

const Replaces = Type.Optional(
  nullable(Type.String({ maxLength: 64, description: 'A QR code on show that is given up for this' })),
)

const PaymentBody = Type.Union(
  [
    Type.Object({
      method: Type.Literal('upi'),
      vpa: Type.Optional(nullable(Type.String({ description: 'name@bank' }))),
      flow: Type.Optional(nullable(oneOf('qr'))),
      replaces: Replaces,
    }),
    Type.Object({ method: Type.Literal('card'), ...CardFields, replaces: Replaces }),
  ],
  { discriminator: { propertyName: 'method' } },
)

const token = [{ checkout: [] }]

/** Opened with a publishable key. */
export function checkoutSessionRoutes(app: App, services: Services): void {
  const merchants = new CheckoutMerchants(services.database)
  const sessions = new CheckoutSessions(services, merchants, new CheckoutTokens(services.vault))

  app.post(
    '/api/v1/checkout/sessions',
    {
      schema: {
        tags: ['checkout'],
        summary: 'Open an order for paying: a token for it, and what the shopper is shown',
        security: [],
        body: SessionBody,
        response: { 201: ref('CheckoutSession'), ...failures },
      },
    },
    async (request, reply) => {
      const {
        key = null,
        order_id: orderId,
        client_secret: clientSecret = null,
        return_url: returnUrl = null,
      } = request.body
      return reply.code(201).send(await sessions.open(request, { key, orderId, clientSecret, returnUrl }))
    },
  )

  app.get(
    '/api/v1/checkout/origins',
    {
      schema: {
        tags: ['checkout'],
        summary: 'Whose pages may show the checkout, by key or by order',
        security: [],
        querystring: Type.Object({ key: Type.Optional(Key), order_id: Type.Optional(OrderId) }),
        response: { 200: ref('CheckoutOrigins'), ...failures },
      },
    },
    async ({ query }) => ({ origins: frameAncestors(await merchants.find(query.key ?? null, query.order_id ?? '')) }),
  )
}

/** Opened with the session's token. */
export function checkoutPaymentRoutes(app: App, services: Services): void {
  const tokens = new CheckoutTokens(services.vault)
  const payments = new CheckoutPayments(services)
  const secrets = new MerchantSecrets(services)
  const standings = new Standings(services.database)
  const closing = new AbortController()
  const claimsOf = new WeakMap<FastifyRequest, Claims>()
  const claims = (request: FastifyRequest) => claimsOf.get(request) as Claims
  const shop = async ({ merchant }: Claims) => {
    const secret = await secrets.of(merchant.id)
    return { name: merchant.name, webhookSecret: () => secret }
  }

  app.addHook('onRequest', async (request) => {
    const allowed = tokens.read(request)
    claimsOf.set(request, allowed)
    request.merchant = allowed.merchant
    request.keyScope = `checkout ${allowed.orderId} `
  })
  // A stream would keep the server open for minutes; its browser comes back to the next one.
  app.addHook('preClose', async () => closing.abort())

  /** The payment of the token's order. Throws NOT_FOUND_ERROR. */
  const find = async (request: FastifyRequest, id: string): Promise<Standing> => {
    const { merchant, orderId } = claims(request)
    const [found] = await standings.read([id])
    if (found?.payment.merchantId !== merchant.id || found.payment.orderId !== orderId) {
      throw new GatewayError('NOT_FOUND_ERROR', 'Payment not found')
    }
    return found
  }

  app.post(
    '/api/v1/checkout/payments',
    {
      schema: {
        tags: ['checkout'],
        summary: 'Pay the order of the token',
        security: token,
        headers: IdempotencyHeader,
        body: PaymentBody,
        response: { 201: ref('CheckoutPayment'), ...failures },
      },
    },
    async (request, reply) => {
      const allowed = claims(request)
      const { name, webhookSecret } = await shop(allowed)
      const view = (payment: NewPayment) => acceptedCheckoutView(payment, { name, webhookSecret })
      const { replaces = null } = request.body
      return payments.accept(request, reply, allowed, { body: bodyOf(request.body, allowed.orderId), replaces, view })
    },
  )

  app.get(
    '/api/v1/checkout/payments/:id',
    {
      schema: {
        tags: ['checkout'],
        summary: 'Where a payment of the order stands; its signature once it succeeded',
        security: token,
        params: PaymentParams,
        response: { 200: ref('CheckoutPayment'), ...failures },
      },
    },
    async (request) => {
      const { payment, progress } = await find(request, request.params.id)
      return checkoutView(payment, progress, await shop(claims(request)))
    },
  )

  app.get(
    '/api/v1/checkout/payments/:id/stream',
    {
      schema: {
        tags: ['checkout'],
        summary: 'The same as server-sent events, until the payment is decided',
        security: token,
        params: PaymentParams,
        response: {
          200: { description: 'Its steps', content: { 'text/event-stream': { schema: Type.String() } } },
          ...failures,
        },
      },
    },
    async (request, reply) => {
      const { payment } = await find(request, request.params.id)
      const seller = await shop(claims(request))
      const view = (standing: Standing) => checkoutView(standing.payment, standing.progress, seller)
      const gone = new AbortController()
      reply.raw.once('close', () => gone.abort())
      const events = paymentEvents(standings, payment.id, view, AbortSignal.any([closing.signal, gone.signal]))
      return reply
        .header('connection', 'close')
        .header('content-type', 'text/event-stream; charset=utf-8')
        .header('cache-control', 'no-store')
        .header('x-accel-buffering', 'no')
        .send(Readable.from(events))
    },
  )
}

/** As the merchant's own call would say it. The order is the token's, whatever the body says. */
function bodyOf(body: Static<typeof PaymentBody>, orderId: string) {
  if (body.method === 'card') return { ...body, order_id: orderId }
  if (body.flow === 'qr') return { order_id: orderId, method: 'upi', vpa: null } as const
  return { order_id: orderId, method: 'upi', vpa: body.vpa ?? '' } as const
}
