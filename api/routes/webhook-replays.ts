/** Replays: send again selected deliveries, all that failed in a period, or what an endpoint never got, at a pace it can take. */
import { Type } from 'typebox'
import { toAddress } from '../../actors/index.ts'
import { GatewayError } from '../../schema/errors.ts'
import type { App } from '../app.ts'
import { audited } from '../audit.ts'
import { failures, listOf, ref } from '../components.ts'
import { filter } from '../filters.ts'
import { beyond, pageOf, pageQuery, pageRequest, placeOf } from '../lists.ts'
import { IdempotencyHeader, nullable, ReplayParams } from '../schemas.ts'
import type { Services } from '../services.ts'
import { newReplay, outcomesOf, ReplayBody, replayView } from '../webhook-replays.ts'

const PATH = '/api/v1/webhook_replays'
const tags = ['webhook replays']
const Canceled = Type.Object({ id: Type.String(), status: Type.String(), replayed: Type.Integer() })

export function webhookReplayRoutes(app: App, services: Services): void {
  const { database, idempotency, acceptance, runtime, commands, counts } = services

  app.post(
    PATH,
    {
      config: audited('webhook_replay.create', 'source', 'endpoint_id', 'from', 'to', 'rate'),
      schema: {
        tags,
        summary: 'Start a replay',
        headers: IdempotencyHeader,
        body: ReplayBody,
        response: { 201: ref('WebhookReplay'), ...failures },
      },
    },
    (request, reply) =>
      idempotency.creation(request, reply, async (stamp) => {
        const replay = await newReplay(database, request.merchant.id, request.body)
        const text = JSON.stringify(replayView({ ...replay, status: 'running', replayed: 0, ended_at: null }))
        if (!(await acceptance.webhookReplay(replay, stamp(text)))) return null
        runtime.send([toAddress({ tenant: request.merchant.tenant, kind: 'replay', id: replay.id })], 'work')
        return text
      }),
  )

  app.get(
    PATH,
    {
      schema: {
        tags,
        summary: 'Replays, newest first',
        querystring: Type.Object(pageQuery),
        response: { 200: listOf('WebhookReplay'), ...failures },
      },
    },
    async ({ merchant, query }) => {
      const page = pageRequest(query)
      const asked = filter('webhook_replays', merchant.id, [])
      const [found, count] = await Promise.all([
        database.kysely
          .selectFrom('webhook_replays')
          .selectAll()
          .select(placeOf('webhook_replays').as('place'))
          .where(asked.where)
          .where(beyond('webhook_replays', page))
          .orderBy('created_at', 'desc')
          .orderBy('id', 'desc')
          .limit(page.limit + 1)
          .offset(page.offset)
          .execute(),
        counts.count('webhook_replays', merchant.id, asked),
      ])
      const of = await outcomesOf(
        database,
        found.map(({ id }) => id),
      )
      return pageOf(found, page, count, (row) => replayView(row, of(row.id)))
    },
  )

  app.get(
    `${PATH}/:id`,
    {
      schema: {
        tags,
        summary: 'How far a replay is',
        params: ReplayParams,
        response: { 200: ref('WebhookReplay'), ...failures },
      },
    },
    async ({ merchant, params: { id } }) => {
      const row = await database.kysely
        .selectFrom('webhook_replays')
        .selectAll()
        .where('id', '=', id)
        .where('merchant_id', '=', merchant.id)
        .executeTakeFirst()
      if (!row) throw new GatewayError('NOT_FOUND_ERROR', 'Replay not found')
      return replayView(row, (await outcomesOf(database, [id]))(id))
    },
  )

  app.post(
    `${PATH}/:id/cancel`,
    {
      config: audited('webhook_replay.cancel'),
      schema: {
        tags,
        summary: 'Hand out nothing more; what was handed out goes on',
        headers: IdempotencyHeader,
        params: ReplayParams,
        body: nullable(Type.Object({})),
        response: { 200: Canceled, ...failures },
      },
    },
    (request, reply) => {
      const { id } = request.params
      const command = { kind: 'replay' as const, noun: 'Replay', actorId: id, name: 'cancel', body: {}, objectId: id }
      return commands.ask(request, reply, command, async () => ({ id, status: 'running' }))
    },
  )
}
