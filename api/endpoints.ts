/**
 * The simple webhook configuration: one URL, which is the merchant's first endpoint, and the secret that signs there: the merchant's,
 * unless the endpoint was given its own. Both are read by every delivery when it is loaded, so a change counts from the next
 * attempt on.
 */
import { sql } from 'kysely'
import type { Database } from '../schema/database.ts'
import { newId } from '../schema/ids.ts'
import type { Vault } from '../schema/secrets.ts'
import { newWebhookSecret, SECRET_GRACE_HOURS } from './secrets.ts'
import { AS_NEW, rotateEndpointSecret } from './webhook-endpoints.ts'

export interface WebhookConfig {
  webhook_url: string | null
  webhook_secret: string
}

export interface FirstEndpoint {
  id: string
  url: string
  enabled: boolean
  /** Sealed; null: the merchant's own signs. */
  secret: Buffer | null
}

export async function firstEndpoint(
  database: Pick<Database, 'kysely'>,
  merchantId: string,
): Promise<FirstEndpoint | null> {
  const row = await database.kysely
    .selectFrom('webhook_endpoints')
    .select(['id', 'url', 'enabled', 'secret'])
    .where('merchant_id', '=', merchantId)
    .orderBy('created_at')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  return row ?? null
}

export async function readConfig(database: Database, vault: Vault, merchantId: string): Promise<WebhookConfig> {
  const [endpoint, merchant] = await Promise.all([
    firstEndpoint(database, merchantId),
    database.kysely
      .selectFrom('merchants')
      .select('webhook_secret')
      .where('id', '=', merchantId)
      .executeTakeFirstOrThrow(),
  ])
  const secret = endpoint?.secret ?? merchant.webhook_secret
  return { webhook_url: endpoint?.url ?? null, webhook_secret: vault.open(secret) }
}

/** Sets the URL, and enables an endpoint that had been disabled; null removes the endpoint. */
export async function writeUrl(database: Database, merchantId: string, url: string | null): Promise<void> {
  await database.kysely.transaction().execute(async (transaction) => {
    // The merchant's row stands for "its first endpoint": two at once would otherwise make two endpoints, and send everything twice.
    await transaction.selectFrom('merchants').select('id').where('id', '=', merchantId).forUpdate().execute()
    const first = await transaction
      .selectFrom('webhook_endpoints')
      .select('id')
      .where('merchant_id', '=', merchantId)
      .orderBy('created_at')
      .orderBy('id')
      .limit(1)
      .executeTakeFirst()
    if (url === null && first) await transaction.deleteFrom('webhook_endpoints').where('id', '=', first.id).execute()
    if (url === null) return
    if (first)
      await transaction
        .updateTable('webhook_endpoints')
        .set({ url, enabled: true, disabled_reason: null, ...AS_NEW })
        .where('id', '=', first.id)
        .execute()
    else
      await transaction
        .insertInto('webhook_endpoints')
        .values({ id: newId('whe_'), merchant_id: merchantId, url })
        .execute()
  })
}

/** A new secret; the one before goes on signing beside it until the moment that is answered. */
export async function rotateSecret(
  database: Pick<Database, 'kysely'>,
  vault: Vault,
  merchantId: string,
): Promise<{ webhook_secret: string; previous_secret_expires_at: string }> {
  const first = await firstEndpoint(database, merchantId)
  if (first?.secret) {
    const { secret, ...rest } = await rotateEndpointSecret(database, vault, merchantId, first.id)
    return { webhook_secret: secret, ...rest }
  }
  const secret = newWebhookSecret()
  const { expires } = await database.kysely
    .updateTable('merchants')
    .set({
      webhook_secret: vault.seal(secret),
      previous_webhook_secret: sql`webhook_secret`,
      previous_webhook_secret_expires_at: sql`now() + make_interval(hours => ${SECRET_GRACE_HOURS})`,
    })
    .where('id', '=', merchantId)
    .returning(sql<Date>`previous_webhook_secret_expires_at`.as('expires'))
    .executeTakeFirstOrThrow()
  return { webhook_secret: secret, previous_secret_expires_at: expires.toISOString() }
}
