/**
 * A merchant's webhook endpoints: rows and how they are shown. The API writes what the merchant chooses; how an endpoint does is
 * written by the deliveries that find it out. Every change counts `revision` up: a failure seen under an older one disables nothing,
 * and what was held against the endpoint before is forgotten.
 */
import { type Selectable, sql } from 'kysely'
import type { Static } from 'typebox'
import { MAX_ENDPOINTS, publicKeyOf, wallMs } from '../actors/index.ts'
import type { Database } from '../schema/database.ts'
import { GatewayError } from '../schema/errors.ts'
import { newId } from '../schema/ids.ts'
import type { Vault } from '../schema/secrets.ts'
import type { WebhookEndpointsTable } from '../schema/tables.ts'
import { columnsOf, DEFAULTS, type EndpointColumns, type NewEndpointBody } from './endpoint-choices.ts'
import { newWebhookSecret, SECRET_GRACE_HOURS } from './secrets.ts'

/** An endpoint with its merchant's secret, which signs unless it has its own. */
export type EndpointRow = Omit<Selectable<WebhookEndpointsTable>, 'revision' | 'last_failed_at' | 'previous_secret'> & {
  merchant_secret: Buffer
}

export interface EndpointView {
  id: string
  url: string
  description: string | null
  events: string[]
  status: 'enabled' | 'disabled'
  /** merchant: by hand. gone: it answered 410. failing: for five days. */
  disabled_reason: 'merchant' | 'gone' | 'failing' | null
  failing_since: string | null
  retry_intervals: number[] | null
  timeout_ms: number
  headers: Record<string, string>
  ordered: boolean
  rate_limit: number | null
  secret: string
  previous_secret_expires_at: string | null
  /** For the v1a signature; null: there is none. */
  public_key: string | null
  created_at: string
}

export function endpointView(row: EndpointRow, vault: Vault): EndpointView {
  return {
    id: row.id,
    url: row.url,
    description: row.description,
    events: row.events,
    status: row.enabled ? 'enabled' : 'disabled',
    disabled_reason: row.disabled_reason,
    failing_since: row.failing_since?.toISOString() ?? null,
    retry_intervals: row.retry_intervals,
    timeout_ms: row.timeout_ms,
    headers: row.headers ? (JSON.parse(vault.open(row.headers)) as Record<string, string>) : {},
    ordered: row.ordered,
    rate_limit: row.rate_limit,
    secret: vault.open(row.secret ?? row.merchant_secret),
    previous_secret_expires_at: row.previous_secret_expires_at?.toISOString() ?? null,
    public_key: row.signing_key && publicKeyOf(vault.open(row.signing_key)),
    created_at: row.created_at.toISOString(),
  }
}

export function endpointRows(database: Pick<Database, 'kysely'>, merchantId: string) {
  return database.kysely
    .selectFrom('webhook_endpoints')
    .innerJoin('merchants', 'merchants.id', 'webhook_endpoints.merchant_id')
    .selectAll('webhook_endpoints')
    .select('merchants.webhook_secret as merchant_secret')
    .where('webhook_endpoints.merchant_id', '=', merchantId)
}

/** Throws NOT_FOUND_ERROR. */
export async function findEndpoint(
  database: Pick<Database, 'kysely'>,
  merchantId: string,
  id: string,
): Promise<EndpointRow> {
  const row = await endpointRows(database, merchantId).where('webhook_endpoints.id', '=', id).executeTakeFirst()
  if (!row) throw notFound()
  return row
}

/**
 * A row that is not written yet. The first endpoint is what the simple configuration shows, so the merchant's own secret signs it;
 * each further one has its own. Throws a BAD_REQUEST_ERROR.
 */
export async function newEndpoint(
  database: Database,
  vault: Vault,
  merchantId: string,
  body: Static<typeof NewEndpointBody>,
): Promise<EndpointRow> {
  const { others, secret: merchantSecret } = await database.kysely
    .selectFrom('merchants')
    .leftJoin('webhook_endpoints', 'webhook_endpoints.merchant_id', 'merchants.id')
    .select(({ fn }) => ['merchants.webhook_secret as secret', fn.count<number>('webhook_endpoints.id').as('others')])
    .where('merchants.id', '=', merchantId)
    .groupBy('merchants.id')
    .executeTakeFirstOrThrow()
  if (others >= MAX_ENDPOINTS) {
    throw new GatewayError('BAD_REQUEST_ERROR', `a merchant has at most ${MAX_ENDPOINTS} endpoints: delete one first`)
  }
  return {
    ...{ ...DEFAULTS, url: body.url, ...columnsOf(body, vault) },
    id: newId('whe_'),
    merchant_id: merchantId,
    merchant_secret: merchantSecret,
    secret: others === 0 ? null : vault.seal(newWebhookSecret()),
    previous_secret_expires_at: null,
    failing_since: null,
    created_at: new Date(wallMs()),
  }
}

/** Throws NOT_FOUND_ERROR. */
export async function changeEndpoint(
  database: Database,
  merchantId: string,
  id: string,
  changes: Partial<EndpointColumns>,
): Promise<EndpointRow> {
  const { numUpdatedRows } = await database.kysely
    .updateTable('webhook_endpoints')
    .set({ ...changes, ...AS_NEW })
    .where('id', '=', id)
    .where('merchant_id', '=', merchantId)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) throw notFound()
  return findEndpoint(database, merchantId, id)
}

/** What a change by its merchant makes of an endpoint's past: nothing is held against it any more. */
export const AS_NEW = { revision: sql<number>`revision + 1`, failing_since: null, last_failed_at: null }

/** A secret of its own from now on; the one before, its own or the merchant's, signs beside it for a day. Throws NOT_FOUND_ERROR. */
export async function rotateEndpointSecret(
  database: Pick<Database, 'kysely'>,
  vault: Vault,
  merchantId: string,
  id: string,
): Promise<{ secret: string; previous_secret_expires_at: string }> {
  const secret = newWebhookSecret()
  const row = await database.kysely
    .updateTable('webhook_endpoints')
    .set({
      secret: vault.seal(secret),
      previous_secret: sql`coalesce(secret, (select webhook_secret from merchants where merchants.id = merchant_id))`,
      previous_secret_expires_at: sql`now() + make_interval(hours => ${SECRET_GRACE_HOURS})`,
    })
    .where('id', '=', id)
    .where('merchant_id', '=', merchantId)
    .returning(sql<Date>`previous_secret_expires_at`.as('expires'))
    .executeTakeFirst()
  if (!row) throw notFound()
  return { secret, previous_secret_expires_at: row.expires.toISOString() }
}

/** Deliveries that are on their way to it are given up at their next attempt. Throws NOT_FOUND_ERROR. */
export async function deleteEndpoint(database: Database, merchantId: string, id: string): Promise<void> {
  const { numDeletedRows } = await database.kysely
    .deleteFrom('webhook_endpoints')
    .where('id', '=', id)
    .where('merchant_id', '=', merchantId)
    .executeTakeFirst()
  if (numDeletedRows === 0n) throw notFound()
}

function notFound(): GatewayError {
  return new GatewayError('NOT_FOUND_ERROR', 'Webhook endpoint not found')
}
