/** Which pages may show a merchant's checkout, for the merchant to say. */
import { Type } from 'typebox'
import { GatewayError } from '../../schema/errors.ts'
import type { App } from '../app.ts'
import { audited } from '../audit.ts'
import { failures, ref } from '../components.ts'
import type { Services } from '../services.ts'

const MAX_ORIGINS = 20

const OriginsBody = Type.Object({
  allowed_origins: Type.Array(Type.String({ maxLength: 255 }), { maxItems: MAX_ORIGINS }),
})

const schema = { tags: ['merchants'], response: { 200: ref('AllowedOrigins'), ...failures } }

export function allowedOriginRoutes(app: App, { database }: Services): void {
  app.get(
    '/api/v1/merchants/allowed_origins',
    { schema: { ...schema, summary: 'Origins whose pages may show your checkout' } },
    async ({ merchant }) => {
      const { allowed_origins } = await database.kysely
        .selectFrom('merchants')
        .select('allowed_origins')
        .where('id', '=', merchant.id)
        .executeTakeFirstOrThrow()
      return { allowed_origins }
    },
  )

  app.put(
    '/api/v1/merchants/allowed_origins',
    {
      schema: { ...schema, summary: 'Say which; the list replaces the one before', body: OriginsBody },
      config: audited('allowed_origins.set', 'allowed_origins'),
    },
    async ({ merchant, body }) => {
      const allowed_origins = [...new Set(body.allowed_origins)]
      for (const origin of allowed_origins) requireOrigin(origin)
      await database.kysely.updateTable('merchants').set({ allowed_origins }).where('id', '=', merchant.id).execute()
      return { allowed_origins }
    },
  )
}

/** What a browser calls an origin, letter for letter: it is compared as text, and put into a Content-Security-Policy. */
function requireOrigin(text: string): void {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url && /^https?:$/.test(url.protocol) && url.origin === text) return
  const description =
    'allowed_origins must be origins such as https://shop.example.com, without a path or a slash at the end'
  throw new GatewayError('BAD_REQUEST_ERROR', description, { field: 'allowed_origins' })
}
