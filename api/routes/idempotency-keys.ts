/** What became of a request that may have arrived: looked up by its Idempotency-Key. */
import { Type } from 'typebox'
import { GatewayError } from '../../schema/errors.ts'
import type { App } from '../app.ts'
import { failures, ref } from '../components.ts'
import { answerOf } from '../decisions.ts'
import { isSealed } from '../idempotency.ts'
import type { Services } from '../services.ts'

const HOUR_MS = 3_600_000
const KEPT_HOURS = 24

export function idempotencyKeyRoutes(app: App, { acceptance }: Services): void {
  app.get(
    '/api/v1/idempotency_keys/:key',
    {
      schema: {
        tags: ['idempotency'],
        summary: 'What happened under a key in the last 24 h',
        description: 'An answer that held a secret is not shown: repeat the request to see it again.',
        params: Type.Object({ key: Type.String({ description: 'As it was sent in Idempotency-Key' }) }),
        response: { 200: ref('IdempotencyKey'), ...failures },
      },
    },
    async ({ merchant, params }) => {
      const replay = await acceptance.replay(merchant.id, params.key)
      if (!replay) throw new GatewayError('NOT_FOUND_ERROR', 'Nothing has happened under this key')
      const { status, response, command } = replay
      const decided = command?.result ? answerOf(command.result) : null
      const text = decided?.text ?? response
      const secret = text !== null && isSealed(text)
      return {
        key: params.key,
        state: text === null ? 'undecided' : 'answered',
        object_id: replay.objectId,
        response_status: decided?.status ?? status,
        response: text === null || secret ? null : JSON.parse(text),
        secret,
        created_at: replay.createdAt,
        expires_at: new Date(Date.parse(replay.createdAt) + KEPT_HOURS * HOUR_MS).toISOString(),
      }
    },
  )
}
