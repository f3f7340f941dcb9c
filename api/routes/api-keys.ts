/** A merchant looks after its own keys: a new one, one in place of another, one less. */
import { Type } from 'typebox'
import { addKey, endKey, keyView, lockKey, requireAnother } from '../api-keys.ts'
import type { App } from '../app.ts'
import { audited } from '../audit.ts'
import { failures, listOf, ref } from '../components.ts'
import { filter } from '../filters.ts'
import { beyond, pageOf, pageQuery, pageRequest, placeOf } from '../lists.ts'
import { IdempotencyHeader, nullable, oneOf } from '../schemas.ts'
import type { Services } from '../services.ts'

const PATH = '/api/v1/api_keys'
const DAY_SECONDS = 86_400
const MAX_GRACE_SECONDS = 7 * DAY_SECONDS

const tags = ['api keys']
const KeyParams = Type.Object({ api_key: Type.String({ description: 'key_... or pk_...' }) })
const NewKeyBody = nullable(
  Type.Object({
    kind: Type.Optional(oneOf('secret', 'publishable')),
    name: Type.Optional(nullable(Type.String({ maxLength: 100, description: 'For you: which server has it' }))),
  }),
)
const RollBody = nullable(
  Type.Object({
    grace_seconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: MAX_GRACE_SECONDS,
        description: 'How long the old key goes on; a day unless said',
      }),
    ),
  }),
)

export function apiKeyRoutes(app: App, { database, changes, credentials, counts }: Services): void {
  app.get(
    PATH,
    {
      schema: {
        tags,
        summary: 'Your keys, newest first, with those that have ended',
        querystring: Type.Object(pageQuery),
        response: { 200: listOf('ApiKey'), ...failures },
      },
    },
    async ({ merchant, query }) => {
      const page = pageRequest(query)
      const [found, count] = await Promise.all([
        database.kysely
          .selectFrom('api_keys')
          .selectAll()
          .select(['key as id', placeOf('api_keys').as('place')])
          .where('merchant_id', '=', merchant.id)
          .where(beyond('api_keys', page, 'key'))
          .orderBy('created_at', 'desc')
          .orderBy('key', 'desc')
          .limit(page.limit + 1)
          .offset(page.offset)
          .execute(),
        counts.count('api_keys', merchant.id, filter('api_keys', merchant.id, [])),
      ])
      return pageOf(found, page, count, keyView)
    },
  )

  app.post(
    PATH,
    {
      schema: {
        tags,
        summary: 'A new key; its secret is shown this once',
        headers: IdempotencyHeader,
        body: NewKeyBody,
        response: { 201: ref('CreatedApiKey'), ...failures },
      },
      config: audited('api_key.create', 'kind', 'name'),
    },
    (request, reply) => {
      const { merchant, body } = request
      const { kind = 'secret', name = null } = body ?? {}
      const create = async (transaction: Pick<typeof database, 'kysely'>) => {
        const key = await addKey(transaction, { merchantId: merchant.id, test: merchant.test, kind, name })
        return { objectId: key.api_key, body: key }
      }
      return changes.once(request, reply, create, { status: 201, sealed: true })
    },
  )

  app.post(
    `${PATH}/:api_key/roll`,
    {
      schema: {
        tags,
        summary: 'A new key in place of this one, which goes on for a while',
        headers: IdempotencyHeader,
        params: KeyParams,
        body: RollBody,
        response: { 201: ref('CreatedApiKey'), ...failures },
      },
      config: audited('api_key.roll', 'grace_seconds'),
    },
    async (request, reply) => {
      const { merchant, params, body } = request
      const roll = async (transaction: Pick<typeof database, 'kysely'>) => {
        const { kind, name } = await lockKey(transaction, merchant.id, params.api_key)
        await endKey(transaction, params.api_key, body?.grace_seconds ?? DAY_SECONDS)
        const key = await addKey(transaction, { merchantId: merchant.id, test: merchant.test, kind, name })
        return { objectId: key.api_key, body: key }
      }
      const rolled = await changes.once(request, reply, roll, { status: 201, sealed: true })
      credentials.forget(params.api_key)
      return rolled
    },
  )

  app.delete(
    `${PATH}/:api_key`,
    {
      schema: {
        tags,
        summary: 'Revoke a key: it opens nothing any more, anywhere, within five seconds',
        params: KeyParams,
        response: { 200: ref('ApiKey'), ...failures },
      },
      config: audited('api_key.revoke'),
    },
    async ({ merchant, params }) => {
      const revoked = await database.kysely.transaction().execute(async (kysely) => {
        const row = await lockKey({ kysely }, merchant.id, params.api_key)
        await requireAnother({ kysely }, row)
        return endKey({ kysely }, row.key, 0)
      })
      credentials.forget(params.api_key)
      return keyView(revoked)
    },
  )
}
