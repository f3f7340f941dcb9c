/** Accepting a replay: its row, due now, and its idempotency key. From then on it is its actor's. */
import type { Selectable } from 'kysely'
import type { Database, Statement } from '../../schema/database.ts'
import type { WebhookReplaysTable } from '../../schema/tables.ts'
import { NOW_MS } from '../load.ts'
import { type CreationKey, create, KEY_COLUMNS, KEYS_TAKEN, keyColumns, MAY_BE_CREATED } from './creation.ts'

/** The row as it will stand. */
export type NewWebhookReplay = Pick<
  Selectable<WebhookReplaysTable>,
  'id' | 'merchant_id' | 'source' | 'endpoint_id' | 'selected' | 'since' | 'until' | 'rate' | 'total' | 'created_at'
>

const NAMES = 'id, merchant_id, source, endpoint_id, selected, since, until, rate, total, created_at'

/** $1: the row as JSON, in a list. Fails when another replay fills the same endpoint's gaps. */
const acceptReplay: Statement = {
  name: 'accept_webhook_replay',
  text: `
with i as materialized (
  select * from jsonb_to_recordset($1::jsonb) as t (id text, merchant_id uuid, source text, endpoint_id text, selected uuid[],
    since timestamptz, until timestamptz, rate int, total int, created_at timestamptz, ${KEY_COLUMNS})
), ${KEYS_TAKEN}
insert into webhook_replays (${NAMES}, timers, wake_at)
select ${NAMES}, jsonb_build_object('work', ${NOW_MS}), now() from i where ${MAY_BE_CREATED}
on conflict (id) do nothing
returning id`,
}

/** False: lost its key to a rival. */
export async function insertWebhookReplay(
  database: Database,
  replay: NewWebhookReplay,
  key: CreationKey | null,
): Promise<boolean> {
  const [created] = await create(database, acceptReplay, [{ ...replay, ...keyColumns(key) }])
  return created === true
}
