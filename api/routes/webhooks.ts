/** Deliveries of events: how each is going, every attempt in full, and the button that starts one over. */
import { type Selectable, sql } from 'kysely'
import { Type } from 'typebox'
import { STANDARD_SCHEDULE } from '../../actors/index.ts'
import type { Database } from '../../schema/database.ts'
import { GatewayError } from '../../schema/errors.ts'
import type { WebhookAttemptsTable, WebhookDeliveriesTable } from '../../schema/tables.ts'
import type { App } from '../app.ts'
import { failures, listOf, ref } from '../components.ts'
import { created, equals, filter } from '../filters.ts'
import { beyond, pageOf, pageQuery, pageRequest, periodQuery, placeOf } from '../lists.ts'
import { IdempotencyHeader, nullable, oneOf, WebhookParams } from '../schemas.ts'
import type { Services } from '../services.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
/** More attempts than any schedule with a few manual retries has. */
const ATTEMPTS_SHOWN = 200

const WebhookFilters = Type.Object({
  ...pageQuery,
  ...periodQuery,
  status: Type.Optional(oneOf('pending', 'success', 'failed')),
  event: Type.Optional(Type.String({ maxLength: 64, description: 'Its type, such as payment.success' })),
  event_id: Type.Optional(Type.String({ maxLength: 64 })),
  endpoint_id: Type.Optional(Type.String({ maxLength: 64 })),
  payment_id: Type.Optional(Type.String({ maxLength: 64 })),
})

const Retried = Type.Object({ id: Type.String(), status: Type.Literal('pending'), message: Type.String() })

export function webhookRoutes(app: App, { database, commands, counts }: Services): void {
  app.get(
    '/api/v1/webhooks',
    {
      schema: {
        tags: ['webhooks'],
        summary: 'Deliveries, newest first',
        querystring: WebhookFilters,
        response: { 200: listOf('Webhook'), ...failures },
      },
    },
    async ({ merchant, query }) => {
      const asked = filter('webhook_deliveries', merchant.id, [
        ...created('webhook_deliveries', query),
        equals('webhook_deliveries.status', query.status),
        equals('webhook_deliveries.type', query.event),
        equals('webhook_deliveries.payment_id', query.payment_id),
        equals('webhook_deliveries.endpoint_id', query.endpoint_id),
        await ofEvent(database, merchant.id, query.event_id),
      ])
      const page = pageRequest(query, UUID)
      const [found, count] = await Promise.all([
        database.kysely
          .selectFrom('webhook_deliveries')
          .leftJoin('webhook_endpoints', 'webhook_endpoints.id', 'webhook_deliveries.endpoint_id')
          .selectAll('webhook_deliveries')
          .select(['webhook_endpoints.url', 'webhook_endpoints.retry_intervals'])
          .select(placeOf('webhook_deliveries').as('place'))
          .where(asked.where)
          .where(beyond('webhook_deliveries', page))
          .orderBy('webhook_deliveries.created_at', 'desc')
          .orderBy('webhook_deliveries.id', 'desc')
          .limit(page.limit + 1)
          .offset(page.offset)
          .execute(),
        counts.count('webhook_deliveries', merchant.id, asked),
      ])
      return pageOf(found, page, count, webhookView)
    },
  )

  app.get(
    '/api/v1/webhooks/:id',
    {
      schema: {
        tags: ['webhooks'],
        summary: 'A delivery with its payload and every attempt',
        params: WebhookParams,
        response: { 200: ref('WebhookDetails'), ...failures },
      },
    },
    async ({ merchant, params }) => {
      const row = await database.kysely
        .selectFrom('webhook_deliveries as d')
        .innerJoin('events as e', (join) =>
          join.onRef('e.id', '=', 'd.event_id').onRef('e.created_at', '=', 'd.event_at'),
        )
        .leftJoin('webhook_endpoints as w', 'w.id', 'd.endpoint_id')
        .selectAll('d')
        .select(['e.payload', 'w.url', 'w.retry_intervals'])
        .where('d.id', '=', knownUuid(params.id))
        .where('d.merchant_id', '=', merchant.id)
        .executeTakeFirst()
      if (!row) throw notFound()
      const attempts = await database.kysely
        .selectFrom('webhook_attempts')
        .selectAll()
        .where('delivery_id', '=', row.id)
        .orderBy('n')
        .limit(ATTEMPTS_SHOWN)
        .execute()
      return {
        ...webhookView(row),
        event_id: row.event_id,
        payload: row.payload,
        attempt_log: attempts.map(attemptView),
      }
    },
  )

  app.post(
    '/api/v1/webhooks/:id/retry',
    {
      schema: {
        tags: ['webhooks'],
        summary: 'Start a delivery over, whatever became of it',
        headers: IdempotencyHeader,
        params: WebhookParams,
        body: nullable(Type.Object({})),
        response: { 200: Retried, ...failures },
      },
    },
    (request, reply) => {
      const id = knownUuid(request.params.id)
      return commands.tell(
        request,
        reply,
        { kind: 'delivery', noun: 'Webhook', actorId: id, name: 'retry', body: {}, objectId: id },
        { id, status: 'pending', message: 'Webhook retry scheduled' },
      )
    },
  )
}

/**
 * The deliveries of one event, or null when none is asked for. An index by event would cost every delivery's insert; the event's
 * payment and place in it, or else the moment in which it was born with its deliveries, leads there as well.
 */
async function ofEvent(database: Database, merchantId: string, id: string | undefined) {
  if (id === undefined) return null
  const event = await database.kysely
    .selectFrom('events')
    .select(['payment_id', 'sequence', sql<string>`created_at::text`.as('at')])
    .where('id', '=', id)
    .where('merchant_id', '=', merchantId)
    .executeTakeFirst()
  if (!event) return sql<boolean>`false`
  const { payment_id, sequence, at } = event
  const born = payment_id
    ? sql<boolean>`webhook_deliveries.payment_id = ${payment_id} and webhook_deliveries.sequence = ${sequence}`
    : sql<boolean>`webhook_deliveries.created_at = ${at}::timestamptz`
  return sql<boolean>`webhook_deliveries.event_id = ${id} and ${born}`
}

/** An id that is no UUID is not found, like one that nobody has. */
function knownUuid(id: string): string {
  if (UUID.test(id)) return id.toLowerCase()
  throw notFound()
}

function notFound(): GatewayError {
  return new GatewayError('NOT_FOUND_ERROR', 'Webhook not found')
}

interface DeliveryRow extends Selectable<WebhookDeliveriesTable> {
  /** null once the endpoint is gone */
  url: string | null
  retry_intervals: number[] | null
}

function webhookView(row: DeliveryRow) {
  const nextAt = row.status === 'pending' ? row.wake_at : null
  return {
    id: row.id,
    event: row.type,
    status: row.status,
    attempts: row.attempts,
    created_at: row.created_at.toISOString(),
    last_attempt_at: row.last_attempt_at?.toISOString() ?? null,
    next_retry_at: nextAt?.toISOString() ?? null,
    response_code: row.response_code,
    payment_id: row.payment_id,
    sequence: row.sequence,
    endpoint_id: row.endpoint_id,
    endpoint_url: row.url,
    max_attempts: (row.retry_intervals ?? STANDARD_SCHEDULE.intervals).length + 1,
  }
}

function attemptView(row: Selectable<WebhookAttemptsTable>) {
  return {
    attempt: row.attempt,
    at: row.at.toISOString(),
    duration_ms: row.duration_ms,
    response_code: row.response_code,
    error: row.error,
    request_headers: row.request_headers,
    response_headers: row.response_headers,
    response_body: row.response_body,
    timings: row.timings,
    address: row.address,
  }
}
