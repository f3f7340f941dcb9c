/** What a merchant may know of itself, and how it wants things. */
import { Type } from 'typebox'
import type { App } from '../app.ts'
import { audited } from '../audit.ts'
import { failures, ref } from '../components.ts'
import { limitOfMerchant } from '../rate-limit.ts'
import { oneOf } from '../schemas.ts'
import type { Services } from '../services.ts'

export const MerchantName = Type.String({ minLength: 1, maxLength: 255 })
export const Email = Type.String({ pattern: '^[^\\s@]+@[^\\s@]+$', maxLength: 255, 'x-allowed': 'an e-mail address' })

const PATH = '/api/v1/merchants/profile'

const ProfileBody = Type.Object({
  name: Type.Optional(MerchantName),
  email: Type.Optional(Email),
  idempotency_mismatch: Type.Optional(oneOf('conflict', 'replay')),
})

export function profileRoutes(app: App, services: Services): void {
  const { database, credentials } = services
  app.get(
    PATH,
    { schema: { tags: ['merchants'], summary: 'Who you are', response: { 200: ref('Merchant'), ...failures } } },
    ({ merchant }) => profile(services, merchant.id),
  )

  app.patch(
    PATH,
    {
      schema: {
        tags: ['merchants'],
        summary: 'Change what is named',
        description:
          'idempotency_mismatch: what a used Idempotency-Key answers to another request, a 409 ("conflict") or the first answer ("replay").',
        body: ProfileBody,
        response: { 200: ref('Merchant'), ...failures },
      },
      config: audited('profile.update', 'name', 'email', 'idempotency_mismatch'),
    },
    async ({ merchant, caller, body: { name, email, idempotency_mismatch } }) => {
      const changes = Object.entries({ name, email, idempotency_mismatch }).filter(([, value]) => value !== undefined)
      if (changes.length > 0) {
        const { kysely } = database
        await kysely.updateTable('merchants').set(Object.fromEntries(changes)).where('id', '=', merchant.id).execute()
      }
      credentials.forget(caller.name)
      return profile(services, merchant.id)
    },
  )
}

async function profile({ database, rateLimit }: Services, merchantId: string) {
  const { url, created_at, ...merchant } = await database.kysely
    .selectFrom('merchants')
    .leftJoin('webhook_endpoints', 'webhook_endpoints.merchant_id', 'merchants.id')
    .select(['merchants.id', 'name', 'email', 'test', 'url', 'idempotency_mismatch', 'allowed_origins'])
    .select('merchants.created_at')
    .where('merchants.id', '=', merchantId)
    .orderBy('webhook_endpoints.created_at')
    .limit(1)
    .executeTakeFirstOrThrow()
  const { id, name, email, test, idempotency_mismatch, allowed_origins } = merchant
  const requests_per_second = limitOfMerchant(rateLimit, { test }) || null
  const settings = { idempotency_mismatch, allowed_origins, requests_per_second }
  return { id, name, email, test, webhook_url: url, ...settings, created_at: created_at.toISOString() }
}
