/** Replays as they are asked for and shown. How far one is stands in its row; what became of its deliveries, in theirs. */
import type { Selectable } from 'kysely'
import { type Static, Type } from 'typebox'
import { wallMs } from '../actors/index.ts'
import type { Database } from '../schema/database.ts'
import { GatewayError } from '../schema/errors.ts'
import { newId } from '../schema/ids.ts'
import type { WebhookReplaysTable } from '../schema/tables.ts'
import { readPeriod } from './lists.ts'
import { findEndpoint } from './webhook-endpoints.ts'

const MAX_SELECTED = 1_000
/** What one replay may send; a period with more is asked for in parts. */
const MAX_TOTAL = 100_000
const DEFAULT_RATE = 50
const MAX_RATE = 1_000
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

const rate = Type.Optional(
  Type.Integer({ minimum: 1, maximum: MAX_RATE, description: `Deliveries a second; ${DEFAULT_RATE} by default` }),
)
const endpointId = Type.String({ maxLength: 64, description: 'whe_...' })
const period = {
  from: Type.String({ maxLength: 40, description: 'ISO 8601; created then or later' }),
  to: Type.Optional(Type.String({ maxLength: 40, description: 'ISO 8601; created before; now by default' })),
}

export const ReplayBody = Type.Union(
  [
    Type.Object({
      source: Type.Literal('selected'),
      webhook_ids: Type.Array(Type.String({ maxLength: 64 }), {
        minItems: 1,
        maxItems: MAX_SELECTED,
        'x-allowed': `a list of 1 to ${MAX_SELECTED} ids`,
      }),
      rate,
    }),
    Type.Object({ source: Type.Literal('failed'), ...period, endpoint_id: Type.Optional(endpointId), rate }),
    Type.Object({ source: Type.Literal('missing'), ...period, endpoint_id: endpointId, rate }),
  ],
  { discriminator: { propertyName: 'source' } },
)

/** A row that is not written yet. Throws a BAD_REQUEST_ERROR or NOT_FOUND_ERROR that names what is wrong. */
export async function newReplay(database: Database, merchantId: string, body: Static<typeof ReplayBody>) {
  const now = new Date(wallMs())
  const { source } = body
  const shared = {
    id: newId('rpl_'),
    merchant_id: merchantId,
    source,
    rate: body.rate ?? DEFAULT_RATE,
    created_at: now,
  }
  if (body.source === 'selected') {
    const selected = await ownDeliveries(database, merchantId, body.webhook_ids)
    return { ...shared, endpoint_id: null, selected, since: null, until: null, total: selected.length }
  }
  const period = readPeriod(body)
  const since = period.from as Date
  const until = period.to && period.to < now ? period.to : now
  if (since >= until)
    throw new GatewayError('BAD_REQUEST_ERROR', 'from must be before to and before now', { field: 'from' })
  const endpointId = body.endpoint_id ?? null
  if (endpointId !== null) await findEndpoint(database, merchantId, endpointId)
  const total = body.source === 'failed' ? await countFailed(database, { merchantId, since, until, endpointId }) : null
  return { ...shared, endpoint_id: endpointId, selected: null, since, until, total }
}

async function ownDeliveries(database: Database, merchantId: string, named: string[]): Promise<string[]> {
  const ids = [...new Set(named.map((id) => id.toLowerCase()))]
  const known = ids.filter((id) => UUID.test(id))
  const rows = await database.kysely
    .selectFrom('webhook_deliveries')
    .select('id')
    .where('id', 'in', known.length > 0 ? known : [merchantId])
    .where('merchant_id', '=', merchantId)
    .execute()
  const own = new Set(rows.map(({ id }) => id))
  const stranger = ids.find((id) => !own.has(id))
  if (stranger === undefined) return ids
  throw new GatewayError('NOT_FOUND_ERROR', `Webhook ${stranger} not found`, { field: 'webhook_ids' })
}

interface Failed {
  merchantId: string
  since: Date
  until: Date
  endpointId: string | null
}

async function countFailed(database: Database, { merchantId, since, until, endpointId }: Failed): Promise<number> {
  const counted = database.kysely
    .selectFrom('webhook_deliveries')
    .select('id')
    .where('status', '=', 'failed')
    .where('merchant_id', '=', merchantId)
    .where('created_at', '>=', since)
    .where('created_at', '<', until)
    .$if(endpointId !== null, (query) => query.where('endpoint_id', '=', endpointId as string))
    .limit(MAX_TOTAL + 1)
  const { n } = await database.kysely
    .selectFrom(counted.as('counted'))
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  if (n <= MAX_TOTAL) return n
  const description = `more than ${MAX_TOTAL} deliveries failed in that period: replay it in parts`
  throw new GatewayError('BAD_REQUEST_ERROR', description, { field: 'from' })
}

type Outcomes = { success: number; failed: number }
const NONE: Outcomes = { success: 0, failed: 0 }

/** What became of the deliveries of these replays so far. One that a later replay has started over counts there. */
export async function outcomesOf(database: Database, ids: string[]): Promise<(id: string) => Outcomes> {
  if (ids.length === 0) return () => NONE
  const rows = await database.kysely
    .selectFrom('webhook_deliveries')
    .select(({ fn }) => ['replay_id', 'status', fn.countAll<number>().as('n')])
    .where('replay_id', 'in', ids)
    .where('status', '<>', 'pending')
    .groupBy(['replay_id', 'status'])
    .execute()
  const outcomes = new Map<string | null, Outcomes>()
  for (const { replay_id, status, n } of rows) {
    outcomes.set(replay_id, { ...(outcomes.get(replay_id) ?? NONE), [status]: n })
  }
  return (id) => outcomes.get(id) ?? NONE
}

export type ReplayRow = Pick<
  Selectable<WebhookReplaysTable>,
  | 'id'
  | 'source'
  | 'endpoint_id'
  | 'since'
  | 'until'
  | 'rate'
  | 'status'
  | 'total'
  | 'replayed'
  | 'created_at'
  | 'ended_at'
>

export function replayView(row: ReplayRow, { success, failed }: Outcomes = NONE) {
  return {
    id: row.id,
    source: row.source,
    endpoint_id: row.endpoint_id,
    from: row.since?.toISOString() ?? null,
    to: row.until?.toISOString() ?? null,
    rate: row.rate,
    status: row.status,
    total: row.total,
    replayed: row.replayed,
    pending: Math.max(0, row.replayed - success - failed),
    delivered: success,
    failed,
    created_at: row.created_at.toISOString(),
    ended_at: row.ended_at?.toISOString() ?? null,
  }
}
