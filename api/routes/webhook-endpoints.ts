/** Webhook endpoints: as many as a merchant needs, each with events, schedule, headers and keys of its own. */
import { Type } from 'typebox'
import { publicKeyOf } from '../../actors/index.ts'
import type { Database } from '../../schema/database.ts'
import { GatewayError } from '../../schema/errors.ts'
import type { App } from '../app.ts'
import { audited } from '../audit.ts'
import { failures, listOf, ref } from '../components.ts'
import { columnsOf, EndpointBody, NewEndpointBody } from '../endpoint-choices.ts'
import { filter } from '../filters.ts'
import { beyond, pageOf, pageQuery, pageRequest, placeOf } from '../lists.ts'
import { EndpointParams, IdempotencyHeader, nullable } from '../schemas.ts'
import type { Services } from '../services.ts'
import { sendTestEvent } from '../test-events.ts'
import {
  changeEndpoint,
  deleteEndpoint,
  type EndpointRow,
  endpointRows,
  endpointView,
  findEndpoint,
  newEndpoint,
  rotateEndpointSecret,
} from '../webhook-endpoints.ts'

const PATH = '/api/v1/webhook_endpoints'
const tags = ['webhook endpoints']
/** What the audit log keeps of a choice. An endpoint's headers may hold a password. */
const KEPT = ['url', 'events', 'status', 'retry_intervals', 'timeout_ms', 'ordered', 'rate_limit', 'asymmetric']
const NoBody = nullable(Type.Object({}))
const warned = Type.Object({
  warning: nullable(Type.String({ description: 'What speaks against the URL as things are' })),
})
const Saved = Type.Intersect([ref('WebhookEndpoint'), warned])

export function webhookEndpointRoutes(app: App, services: Services): void {
  const { database, vault, idempotency, changes, dialler, counts } = services
  const saved = async (row: EndpointRow) => ({ ...endpointView(row, vault), warning: await dialler.warning(row.url) })

  app.post(
    PATH,
    {
      config: audited('webhook_endpoint.create', ...KEPT),
      schema: {
        tags,
        summary: 'Add an endpoint',
        headers: IdempotencyHeader,
        body: NewEndpointBody,
        response: { 201: Saved, ...failures },
      },
    },
    (request, reply) =>
      idempotency.creation(
        request,
        reply,
        async (stamp) => {
          const row = await newEndpoint(database, vault, request.merchant.id, request.body)
          const text = JSON.stringify(await saved(row))
          return (await services.acceptance.webhookEndpoint(row, stamp(text))) ? text : null
        },
        { sealed: true },
      ),
  )

  app.get(
    PATH,
    {
      schema: {
        tags,
        summary: 'Endpoints, newest first',
        querystring: Type.Object(pageQuery),
        response: { 200: listOf('WebhookEndpoint'), ...failures },
      },
    },
    async ({ merchant, query }) => {
      const page = pageRequest(query)
      const [found, count] = await Promise.all([
        endpointRows(database, merchant.id)
          .select(placeOf('webhook_endpoints').as('place'))
          .where(beyond('webhook_endpoints', page))
          .orderBy('webhook_endpoints.created_at', 'desc')
          .orderBy('webhook_endpoints.id', 'desc')
          .limit(page.limit + 1)
          .offset(page.offset)
          .execute(),
        counts.count('webhook_endpoints', merchant.id, filter('webhook_endpoints', merchant.id, [])),
      ])
      return pageOf(found, page, count, (row) => endpointView(row, vault))
    },
  )

  app.get(
    `${PATH}/:id`,
    {
      schema: {
        tags,
        summary: 'One endpoint',
        params: EndpointParams,
        response: { 200: ref('WebhookEndpoint'), ...failures },
      },
    },
    async ({ merchant, params }) => endpointView(await findEndpoint(database, merchant.id, params.id), vault),
  )

  for (const method of ['PATCH', 'PUT'] as const) {
    app.route({
      method,
      url: `${PATH}/:id`,
      config: audited('webhook_endpoint.update', ...KEPT),
      schema: {
        tags,
        summary: 'Change what is named; enabling one that was disabled forgets its failures',
        params: EndpointParams,
        body: EndpointBody,
        response: { 200: Saved, ...failures },
      },
      handler: async ({ merchant, params, body }) =>
        saved(await changeEndpoint(database, merchant.id, params.id, columnsOf(body, vault))),
    })
  }

  app.delete(
    `${PATH}/:id`,
    {
      config: audited('webhook_endpoint.delete'),
      schema: {
        tags,
        summary: 'Remove an endpoint; what is on its way to it is given up',
        params: EndpointParams,
        response: { 200: Type.Object({ id: Type.String(), deleted: Type.Literal(true) }), ...failures },
      },
    },
    async ({ merchant, params: { id } }) => {
      await deleteEndpoint(database, merchant.id, id)
      return { id, deleted: true as const }
    },
  )

  app.post(
    `${PATH}/:id/secret/regenerate`,
    {
      config: audited('webhook_endpoint_secret.regenerate'),
      schema: {
        tags,
        summary: 'A new secret of its own; the one before signs beside it for 24 h',
        headers: IdempotencyHeader,
        params: EndpointParams,
        body: NoBody,
        response: {
          200: Type.Object({ secret: Type.String(), previous_secret_expires_at: Type.String({ format: 'date-time' }) }),
          ...failures,
        },
      },
    },
    (request, reply) => {
      const { merchant, params } = request
      const rotate = async (transaction: Pick<Database, 'kysely'>) => {
        return { objectId: params.id, body: await rotateEndpointSecret(transaction, vault, merchant.id, params.id) }
      }
      return changes.once(request, reply, rotate, { sealed: true })
    },
  )

  app.post(
    `${PATH}/:id/test`,
    {
      schema: {
        tags,
        summary: 'Send a test event to this endpoint',
        headers: IdempotencyHeader,
        params: EndpointParams,
        body: NoBody,
        response: { 200: ref('TestEvent'), ...failures },
      },
    },
    (request, reply) =>
      sendTestEvent(request, reply, services, async (transaction) => {
        const { id, enabled } = await findEndpoint(transaction, request.merchant.id, request.params.id)
        if (enabled) return id
        throw new GatewayError('BAD_REQUEST_ERROR', 'the endpoint is disabled: enable it first', { field: 'status' })
      }),
  )
}

/** What nobody need sign in for: the key that checks signatures and can make none. */
export function publicEndpointRoutes(app: App, { database, vault }: Services): void {
  app.get(
    `${PATH}/:id/public`,
    {
      schema: {
        tags,
        summary: 'The public key of its v1a signatures',
        security: [],
        params: EndpointParams,
        response: { 200: Type.Object({ id: Type.String(), public_key: Type.String() }), ...failures },
      },
    },
    async ({ params: { id } }) => {
      const row = await database.kysely
        .selectFrom('webhook_endpoints')
        .select('signing_key')
        .where('id', '=', id)
        .executeTakeFirst()
      if (!row?.signing_key) throw new GatewayError('NOT_FOUND_ERROR', 'No such endpoint, or it has no key')
      return { id, public_key: publicKeyOf(vault.open(row.signing_key)) }
    },
  )
}
