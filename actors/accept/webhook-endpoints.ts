/** Accepting a webhook endpoint: its row, and its idempotency key. */
import type { Selectable } from 'kysely'
import type { Database, Statement } from '../../schema/database.ts'
import type { WebhookEndpointsTable } from '../../schema/tables.ts'
import { bytea, type CreationKey, create, KEY_COLUMNS, KEYS_TAKEN, keyColumns, MAY_BE_CREATED } from './creation.ts'

/** The row as it will stand. */
export type NewWebhookEndpoint = Pick<
  Selectable<WebhookEndpointsTable>,
  | (
      | 'id'
      | 'merchant_id'
      | 'url'
      | 'description'
      | 'events'
      | 'enabled'
      | 'disabled_reason'
      | 'secret'
      | 'retry_intervals'
    )
  | ('timeout_ms' | 'headers' | 'ordered' | 'rate_limit' | 'signing_key' | 'created_at')
>

const NAMES = `id, merchant_id, url, description, events, enabled, disabled_reason, secret, retry_intervals, timeout_ms, headers,
  ordered, rate_limit, signing_key, created_at`

/** $1: the row as JSON, in a list. */
const acceptEndpoint: Statement = {
  name: 'accept_webhook_endpoint',
  text: `
with i as materialized (
  select * from jsonb_to_recordset($1::jsonb) as t (id text, merchant_id uuid, url text, description text, events text[],
    enabled boolean, disabled_reason text, secret bytea, retry_intervals int[], timeout_ms int, headers bytea, ordered boolean,
    rate_limit int, signing_key bytea, created_at timestamptz, ${KEY_COLUMNS})
), ${KEYS_TAKEN}
insert into webhook_endpoints (${NAMES})
select ${NAMES} from i where ${MAY_BE_CREATED}
on conflict (id) do nothing
returning id`,
}

/** False: lost its key to a rival. */
export async function insertWebhookEndpoint(
  database: Database,
  endpoint: NewWebhookEndpoint,
  key: CreationKey | null,
): Promise<boolean> {
  const row = {
    ...endpoint,
    secret: endpoint.secret && bytea(endpoint.secret),
    headers: endpoint.headers && bytea(endpoint.headers),
    signing_key: endpoint.signing_key && bytea(endpoint.signing_key),
    ...keyColumns(key),
  }
  const [created] = await create(database, acceptEndpoint, [row])
  return created === true
}
