/** Events: what happened, as it was told to every endpoint. For receivers that missed something and want to catch up. */
import { Type } from 'typebox'
import { GatewayError } from '../../schema/errors.ts'
import type { App } from '../app.ts'
import { failures, listOf, ref } from '../components.ts'
import { eventView, isKept } from '../event-rows.ts'
import { created, equals, filter } from '../filters.ts'
import { beyond, pageOf, pageQuery, pageRequest, periodQuery, placeOf } from '../lists.ts'
import { EventParams } from '../schemas.ts'
import type { Services } from '../services.ts'

const EventFilters = Type.Object({
  ...pageQuery,
  ...periodQuery,
  type: Type.Optional(Type.String({ maxLength: 64 })),
  payment_id: Type.Optional(Type.String({ maxLength: 64 })),
})

export function eventRoutes(app: App, { database, counts }: Services): void {
  app.get(
    '/api/v1/events',
    {
      schema: {
        tags: ['events'],
        summary: 'Events, newest first',
        querystring: EventFilters,
        response: { 200: listOf('Event'), ...failures },
      },
    },
    async ({ merchant, query }) => {
      const asked = filter('events', merchant.id, [
        ...created('events', query),
        equals('events.type', query.type),
        equals('events.payment_id', query.payment_id),
      ])
      const page = pageRequest(query)
      const [found, count] = await Promise.all([
        database.kysely
          .selectFrom('events')
          .selectAll()
          .select(placeOf('events').as('place'))
          .where(asked.where)
          .where(beyond('events', page))
          .where(isKept('events'))
          .orderBy('created_at', 'desc')
          .orderBy('id', 'desc')
          .limit(page.limit + 1)
          .offset(page.offset)
          .execute(),
        counts.count('events', merchant.id, asked),
      ])
      return pageOf(found, page, count, eventView)
    },
  )

  app.get(
    '/api/v1/events/:id',
    {
      schema: {
        tags: ['events'],
        summary: 'One event',
        params: EventParams,
        response: { 200: ref('Event'), ...failures },
      },
    },
    async ({ merchant, params }) => {
      const row = await database.kysely
        .selectFrom('events')
        .selectAll()
        .where('id', '=', params.id)
        .where('merchant_id', '=', merchant.id)
        .where(isKept('events'))
        .executeTakeFirst()
      if (!row) throw new GatewayError('NOT_FOUND_ERROR', 'Event not found')
      return eventView(row)
    },
  )
}
