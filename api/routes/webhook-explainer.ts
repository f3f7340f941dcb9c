/**
 * The explainer: why a received webhook does not verify. Only the caller's own secrets are tried, so it tells nothing that its
 * merchant could not look up.
 */
import { type Static, Type } from 'typebox'
import { explainWebhook, type KnownSecret, wallMs } from '../../actors/index.ts'
import type { Database } from '../../schema/database.ts'
import type { Vault } from '../../schema/secrets.ts'
import type { App } from '../app.ts'
import { failures, ref } from '../components.ts'
import type { Services } from '../services.ts'
import { endpointRows } from '../webhook-endpoints.ts'

/** Longer than any event of ours. */
const MAX_PAYLOAD = 65_536

const ExplainBody = Type.Object({
  payload: Type.String({ maxLength: MAX_PAYLOAD, description: 'The body as your code has it, as text' }),
  headers: Type.Record(Type.String(), Type.String({ maxLength: 4_096 }), {
    maxProperties: 100,
    description: 'The headers as they were received, in any case',
    'x-allowed': 'an object of at most 100 headers',
  }),
  secret: Type.String({ minLength: 1, maxLength: 255, description: 'The secret that you verify with' }),
})

export function webhookExplainerRoutes(app: App, { database, vault }: Services): void {
  app.post(
    '/api/v1/webhooks/explain',
    {
      schema: {
        tags: ['webhooks'],
        summary: 'Why a signature does not verify',
        body: ExplainBody,
        response: { 200: ref('WebhookExplanation'), ...failures },
      },
    },
    async ({ merchant, body }) => {
      const [known, sent] = await Promise.all([
        knownSecrets(database, vault, merchant.id),
        sentPayload(database, merchant.id, body),
      ])
      return explainWebhook(body, { nowMs: wallMs(), known, sent })
    },
  )
}

/** The merchant's secret and those of its endpoints, each with the one before it, however long ago its grace ended. */
async function knownSecrets(database: Database, vault: Vault, merchantId: string): Promise<KnownSecret[]> {
  const [merchant, endpoints] = await Promise.all([
    database.kysely
      .selectFrom('merchants')
      .select(['webhook_secret as secret', 'previous_webhook_secret as previous_secret'])
      .where('id', '=', merchantId)
      .executeTakeFirstOrThrow(),
    endpointRows(database, merchantId).execute(),
  ])
  const owned = [{ ...merchant, owner: 'merchant' }, ...endpoints.map((row) => ({ ...row, owner: row.id }))]
  return owned.flatMap(({ owner, secret, previous_secret: previous }) => [
    ...(secret ? [{ secret: vault.open(secret), owner, current: true }] : []),
    ...(previous ? [{ secret: vault.open(previous), owner, current: false }] : []),
  ])
}

async function sentPayload(
  database: Database,
  merchantId: string,
  { headers }: Static<typeof ExplainBody>,
): Promise<string | null> {
  const [, eventId] = Object.entries(headers).find(([name]) => name.toLowerCase() === 'webhook-id') ?? []
  if (eventId === undefined) return null
  const row = await database.kysely
    .selectFrom('events')
    .select('payload')
    .where('id', '=', eventId.trim())
    .where('merchant_id', '=', merchantId)
    .executeTakeFirst()
  return row?.payload ?? null
}
