/** Merchants: made by the operator, and what a merchant may know of itself. */
import { randomBytes } from 'node:crypto'
import { Type } from 'typebox'
import { GatewayError } from '../../schema/errors.ts'
import { newUuid } from '../../schema/ids.ts'
import { hashSecret } from '../../schema/secrets.ts'
import type { App } from '../app.ts'
import { failures, ref } from '../components.ts'
import { newWebhookSecret } from '../secrets.ts'
import type { Services } from '../services.ts'

const NewMerchantBody = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 255 }),
  email: Type.String({ pattern: '^[^\\s@]+@[^\\s@]+$', maxLength: 255, 'x-allowed': 'an e-mail address' }),
  test: Type.Optional(Type.Boolean()),
})

/** Routes of the operator. */
export function merchantRoutes(app: App, { database, vault }: Services): void {
  app.post(
    '/api/v1/merchants',
    {
      schema: {
        tags: ['merchants'],
        summary: 'Create a merchant with its first key; both secrets are shown this once',
        security: [{ operator: [] }],
        body: NewMerchantBody,
        response: { 201: ref('CreatedMerchant'), ...failures },
      },
    },
    async (request, reply) => {
      const { name, email, test = false } = request.body
      const id = newUuid()
      const secrets = newSecrets(test)
      await database.kysely.transaction().execute(async (transaction) => {
        await transaction
          .insertInto('merchants')
          .values({ id, name, email, test, webhook_secret: vault.seal(secrets.webhook_secret) })
          .execute()
        await transaction
          .insertInto('api_keys')
          .values({ key: secrets.api_key, merchant_id: id, secret_hash: hashSecret(secrets.api_secret) })
          .execute()
      })
      return reply.code(201).send({ id, name, email, ...secrets })
    },
  )
}

/** A merchant's own routes. */
export function profileRoutes(app: App, { database }: Services): void {
  app.get(
    '/api/v1/merchants/profile',
    { schema: { tags: ['merchants'], summary: 'Who you are', response: { 200: ref('Merchant'), ...failures } } },
    async (request) => {
      const row = await database.kysely
        .selectFrom('merchants')
        .leftJoin('webhook_endpoints', 'webhook_endpoints.merchant_id', 'merchants.id')
        .select(['merchants.id', 'name', 'email', 'test', 'url', 'merchants.created_at'])
        .where('merchants.id', '=', request.merchant.id)
        .orderBy('webhook_endpoints.created_at')
        .limit(1)
        .executeTakeFirst()
      if (!row) throw new GatewayError('NOT_FOUND_ERROR', 'Merchant not found')
      const { id, name, email, test, url, created_at: createdAt } = row
      return { id, name, email, test, webhook_url: url, created_at: createdAt.toISOString() }
    },
  )
}

/** 20 random bytes are 160 bits: nothing to guess. */
function newSecrets(test: boolean) {
  const mode = test ? 'test' : 'live'
  return {
    api_key: `key_${mode}_${randomBytes(12).toString('hex')}`,
    api_secret: `secret_${mode}_${randomBytes(20).toString('hex')}`,
    webhook_secret: newWebhookSecret(),
  }
}
