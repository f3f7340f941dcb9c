/** Merchants, as the operator makes them. */
import { Type } from 'typebox'
import { newUuid } from '../../schema/ids.ts'
import { hashSecret } from '../../schema/secrets.ts'
import { newKeyPair } from '../api-keys.ts'
import type { App } from '../app.ts'
import { audited } from '../audit.ts'
import { failures, ref } from '../components.ts'
import { IdempotencyHeader } from '../schemas.ts'
import { newWebhookSecret } from '../secrets.ts'
import type { Services } from '../services.ts'
import { Email, MerchantName } from './profile.ts'

const NewMerchantBody = Type.Object({ name: MerchantName, email: Email, test: Type.Optional(Type.Boolean()) })

export function merchantRoutes(app: App, { changes, vault }: Services): void {
  app.post(
    '/api/v1/merchants',
    {
      schema: {
        tags: ['merchants'],
        summary: 'Create a merchant with its first key; both secrets are shown this once',
        security: [{ operator: [] }],
        headers: IdempotencyHeader,
        body: NewMerchantBody,
        response: { 201: ref('CreatedMerchant'), ...failures },
      },
      config: audited('merchant.create', 'name', 'email', 'test'),
    },
    (request, reply) => {
      const { name, email, test = false } = request.body
      const id = newUuid()
      const { api_key, api_secret } = newKeyPair(test)
      const webhook_secret = newWebhookSecret()
      return changes.once(
        request,
        reply,
        async ({ kysely }) => {
          await kysely
            .insertInto('merchants')
            .values({ id, name, email, test, webhook_secret: vault.seal(webhook_secret) })
            .execute()
          await kysely
            .insertInto('api_keys')
            .values({ key: api_key, merchant_id: id, secret_hash: hashSecret(api_secret) })
            .execute()
          return { objectId: id, body: { id, name, email, api_key, api_secret, webhook_secret } }
        },
        { status: 201, sealed: true },
      )
    },
  )
}
