/**
 * The demo's receiver: a merchant's server in one file. It checks the signature over the exact bytes, as a receiver should, and keeps
 * the last events so that one can see them arrive. It exists in demo mode only.
 */
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { wallMs } from '../../actors/index.ts'
import { GatewayError } from '../../schema/errors.ts'
import type { App } from '../app.ts'
import { parseBody } from '../body.ts'
import { Cache } from '../cache.ts'
import { failures } from '../components.ts'
import type { Services } from '../services.ts'
import { isSigned } from '../webhook-signature.ts'

const KEPT = 100
const SECRETS_TTL_MS = 1_000

interface Received {
  /** The event's id: the same on every retry. */
  id: string
  event: string
  received_at: string
  /** How often it came: delivery is at least once. */
  times: number
  body: unknown
}

const ReceivedList = Type.Object({
  data: Type.Array(
    Type.Object({
      id: Type.String(),
      event: Type.String(),
      received_at: Type.String({ format: 'date-time' }),
      times: Type.Integer(),
      body: Type.Unknown(),
    }),
  ),
})

export function demoRoutes(app: App, { database, vault, testMerchant }: Services): void {
  const received = new Map<string, Received>()
  const secrets = new Cache(
    async (merchantId) => {
      const row = await database.kysely
        .selectFrom('merchants')
        .select(['webhook_secret', 'previous_webhook_secret'])
        .where('id', '=', merchantId)
        .executeTakeFirstOrThrow()
      return [row.webhook_secret, row.previous_webhook_secret]
        .filter((sealed) => sealed !== null)
        .map((sealed) => vault.open(sealed))
    },
    { max: 1, ttlMs: () => SECRETS_TTL_MS },
  )

  // The signature is over the bytes that came: parsing first and writing again would be somebody else's bytes.
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => done(null, text))

  app.post(
    '/demo/webhooks',
    {
      schema: {
        tags: ['demo'],
        summary: "Receives the test merchant's webhooks",
        security: [],
        response: { 200: Type.Object({ received: Type.Literal(true) }), ...failures },
      },
    },
    async (request) => {
      const text = typeof request.body === 'string' ? request.body : ''
      const known = (await secrets.read(testMerchant.id)) ?? []
      if (!known.some((secret) => isSigned(text, request.headers, secret))) {
        throw new GatewayError('BAD_REQUEST_ERROR', 'The signature is not over this body under the webhook secret', {
          field: 'x-webhook-signature',
        })
      }
      keep(received, request, parseBody(text))
      return { received: true as const }
    },
  )

  app.get(
    '/demo/webhooks',
    {
      schema: {
        tags: ['demo'],
        summary: `The last ${KEPT} events received, newest first`,
        security: [],
        response: { 200: ReceivedList, ...failures },
      },
    },
    () => ({ data: [...received.values()].reverse() }),
  )
}

function keep(received: Map<string, Received>, request: FastifyRequest, body: unknown): void {
  const event = (body as { event?: unknown } | null)?.event
  const id = request.headers['webhook-id']
  if (typeof event !== 'string' || typeof id !== 'string') {
    throw new GatewayError('BAD_REQUEST_ERROR', 'webhook-id and event are required', { field: 'event' })
  }
  const times = (received.get(id)?.times ?? 0) + 1
  received.delete(id)
  received.set(id, { id, event, received_at: new Date(wallMs()).toISOString(), times, body })
  const [oldest] = received.keys()
  if (received.size > KEPT && oldest !== undefined) received.delete(oldest)
}
