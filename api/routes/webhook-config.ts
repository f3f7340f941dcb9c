/** Where a merchant's events go and what signs them; under the gateway's own paths and under the family's. */
import { type Static, Type } from 'typebox'
import type { Database } from '../../schema/database.ts'
import { GatewayError } from '../../schema/errors.ts'
import type { App } from '../app.ts'
import { audited } from '../audit.ts'
import { failures, ref } from '../components.ts'
import { firstEndpoint, readConfig, rotateSecret, writeUrl } from '../endpoints.ts'
import { IdempotencyHeader, nullable } from '../schemas.ts'
import type { Services } from '../services.ts'
import { sendTestEvent } from '../test-events.ts'

const URL_MAX = 2_048
const tags = ['webhooks']

const ConfigBody = Type.Object({
  webhook_url: nullable(
    Type.String({
      minLength: 1,
      maxLength: URL_MAX,
      'x-allowed': `an http or https URL of at most ${URL_MAX} characters`,
    }),
  ),
})
const RotatedSecret = Type.Object({
  webhook_secret: Type.String(),
  previous_secret_expires_at: Type.String({ format: 'date-time' }),
})
const NoBody = nullable(Type.Object({}))

export function webhookConfigRoutes(app: App, services: Services): void {
  const { database, vault, changes } = services

  app.get(
    '/api/v1/webhooks/config',
    {
      schema: {
        tags,
        summary: 'Where events go, and the secret that signs them',
        response: { 200: ref('WebhookConfig'), ...failures },
      },
    },
    (request) => readConfig(database, vault, request.merchant.id),
  )

  for (const path of ['/api/v1/webhooks/config', '/api/v1/merchants/webhook']) {
    app.put(
      path,
      {
        config: audited('webhook_config.set', 'webhook_url'),
        schema: {
          tags,
          summary: 'Set the URL; null removes it',
          body: ConfigBody,
          response: { 200: ref('WebhookConfig'), ...failures },
        },
      },
      async (request) => {
        await writeUrl(database, request.merchant.id, readUrl(request.body))
        return readConfig(database, vault, request.merchant.id)
      },
    )
  }

  for (const path of ['/api/v1/webhooks/secret/regenerate', '/api/v1/merchants/webhook/regenerate-secret']) {
    app.post(
      path,
      {
        config: audited('webhook_secret.regenerate'),
        schema: {
          tags,
          summary: 'A new secret; the old one signs beside it for 24 h',
          headers: IdempotencyHeader,
          body: NoBody,
          response: { 200: RotatedSecret, ...failures },
        },
      },
      (request, reply) => {
        const { id } = request.merchant
        const rotate = async (transaction: Pick<Database, 'kysely'>) => {
          return { objectId: id, body: await rotateSecret(transaction, vault, id) }
        }
        return changes.once(request, reply, rotate, { sealed: true })
      },
    )
  }

  for (const path of ['/api/v1/webhooks/test', '/api/v1/merchants/webhook/test']) {
    app.post(
      path,
      {
        schema: {
          tags,
          summary: 'Send a test event',
          headers: IdempotencyHeader,
          body: NoBody,
          response: { 200: ref('TestEvent'), ...failures },
        },
      },
      (request, reply) =>
        sendTestEvent(request, reply, services, (database) => firstToTest(database, request.merchant.id)),
    )
  }
}

/**
 * Any http(s) URL is stored: whether its address may be dialled is judged when connecting, because what a name resolves to can change.
 * Throws a BAD_REQUEST_ERROR.
 */
function readUrl({ webhook_url: url }: Static<typeof ConfigBody>): string | null {
  if (url === null || (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol))) return url
  throw new GatewayError(
    'BAD_REQUEST_ERROR',
    `webhook_url must be an http or https URL of at most ${URL_MAX} characters`,
    {
      field: 'webhook_url',
    },
  )
}

/** Throws a BAD_REQUEST_ERROR. */
async function firstToTest(database: Pick<Database, 'kysely'>, merchantId: string): Promise<string> {
  const endpoint = await firstEndpoint(database, merchantId)
  if (endpoint?.enabled) return endpoint.id
  const description = 'webhook_url must be set first, and not disabled: PUT /api/v1/webhooks/config'
  throw new GatewayError('BAD_REQUEST_ERROR', description, { field: 'webhook_url' })
}
