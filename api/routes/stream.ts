/** A merchant's events as they happen: server-sent events that a client can take up again where it was cut off. */
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { EVENT_DAYS } from '../../actors/index.ts'
import { GatewayError } from '../../schema/errors.ts'
import type { App } from '../app.ts'
import { failures } from '../components.ts'
import type { Services } from '../services.ts'
import { EventFeed, type FeedEvent } from '../stream/feed.ts'
import { eventFrames } from '../stream/frames.ts'
import type { Place } from '../stream/place.ts'
import { Streams } from '../stream/streams.ts'

const MAX_TYPES = 20

const StreamQuery = Type.Object({
  type: Type.Optional(
    Type.String({
      pattern: '^[a-z_]+(\\.([a-z_]+|\\*))?(,[a-z_]+(\\.([a-z_]+|\\*))?)*$',
      maxLength: 512,
      'x-allowed': 'event types with commas between them, such as payment.success,refund.*',
      description: 'payment.success,refund.*; all unless said',
    }),
  ),
  payment_id: Type.Optional(Type.String({ maxLength: 64 })),
  last_event_id: Type.Optional(
    Type.String({ maxLength: 64, description: 'As the header Last-Event-ID, for clients that can set none' }),
  ),
})

const StreamHeaders = Type.Object({
  'last-event-id': Type.Optional(Type.String({ description: 'Goes on behind this event' })),
})

export function streamRoutes(app: App, { database }: Services): void {
  const feed = new EventFeed(database)
  const streams = new Streams()
  app.addHook('preClose', async () => {
    streams.close()
    feed.close()
  })

  app.get(
    '/api/v1/stream',
    {
      schema: {
        tags: ['events'],
        summary: 'Events as they happen (text/event-stream)',
        description:
          'Each has the id and the type of its event, and as data what GET /api/v1/events/{id} answers. A comment every 15 s; the stream ends after ten minutes.',
        querystring: StreamQuery,
        headers: StreamHeaders,
        response: {
          200: { description: 'Events', content: { 'text/event-stream': { schema: Type.String() } } },
          ...failures,
        },
      },
    },
    async (request, reply) => {
      const { merchant, query } = request
      const after = await placeAsked(feed, request, query.last_event_id)
      const wants = filterOf(query)
      return streams.send(request, reply, (signal) =>
        eventFrames(feed, { merchantId: merchant.id, after, wants, signal }),
      )
    },
  )
}

/** Behind what the client has seen; null: from now on. Throws a BAD_REQUEST_ERROR for an event that the merchant has not had. */
async function placeAsked(feed: EventFeed, request: FastifyRequest, asked?: string): Promise<Place | null> {
  const id = request.headers['last-event-id'] ?? asked
  if (id === undefined || id === '') return null
  const place = typeof id === 'string' ? await feed.find(request.merchant.id, id) : null
  if (place) return place
  const words = `Last-Event-ID must be the id of an event of the last ${EVENT_DAYS} days. Without it the stream begins now.`
  throw new GatewayError('BAD_REQUEST_ERROR', words, { field: 'Last-Event-ID' })
}

/** Pure. Throws a BAD_REQUEST_ERROR for too long a list. */
export function filterOf({ type, payment_id }: { type?: string; payment_id?: string }): (event: FeedEvent) => boolean {
  const types = type?.split(',') ?? []
  if (types.length > MAX_TYPES) {
    throw new GatewayError('BAD_REQUEST_ERROR', `type must name at most ${MAX_TYPES} types`, { field: 'type' })
  }
  const named = new Set(types)
  return (event) =>
    (types.length === 0 || named.has(event.type) || named.has(`${event.type.split('.', 1)[0]}.*`)) &&
    (payment_id === undefined || event.payment_id === payment_id)
}
