/**
 * Orders are inserted and never updated: what became of one (created, attempted, paid) is read from its payments. Their ids come from
 * callers too (ORDER_123), so they are unique for a merchant only.
 */
import type { Database, Statement } from '../../schema/database.ts'
import type { NewOrder } from '../accept.ts'
import { bytea, type CreationKey, create, KEY_COLUMNS, KEYS_TAKEN, keyColumns, MAY_BE_CREATED } from './creation.ts'

export interface KeyedOrder {
  order: NewOrder
  key: CreationKey | null
}

/** What an order decides about its payments. */
export interface OrderTerms {
  amount: number
  currency: string
}

const NAMES = 'merchant_id, id, amount, currency, receipt, notes, client_secret_hash, created_at'
const COLUMNS = `merchant_id uuid, id text, amount bigint, currency text, receipt text, notes jsonb, client_secret_hash bytea,
    created_at timestamptz`

/** $1: the group as JSON. Answers the ids created. */
export const acceptOrders: Statement = {
  name: 'accept_orders',
  text: `
with i as materialized (
  select * from jsonb_to_recordset($1::jsonb) as t (${COLUMNS}, ${KEY_COLUMNS})
), ${KEYS_TAKEN}
insert into orders (${NAMES}) select ${NAMES} from i where ${MAY_BE_CREATED}
on conflict (merchant_id, id) do nothing
returning id`,
}

/** $1: the group as JSON, sorted. Answers the terms of what it created and of what was there. */
export const ensureOrders: Statement = {
  name: 'ensure_orders',
  text: `
with i as materialized (
  select * from jsonb_to_recordset($1::jsonb) as t (${COLUMNS})
), created as (
  insert into orders (${NAMES}) select ${NAMES} from i
  on conflict (merchant_id, id) do nothing
  returning merchant_id, id, amount, currency
)
select * from created
union all select o.* from i cross join lateral (
  select merchant_id, id, amount, currency from orders q where q.merchant_id = i.merchant_id and q.id = i.id offset 0
) o`,
}

/** False: lost its key to a rival. */
export function insertOrders(database: Database, group: KeyedOrder[]): Promise<boolean[]> {
  return create(
    database,
    acceptOrders,
    group.map(({ order, key }) => ({ ...orderColumns(order), ...keyColumns(key) })),
  )
}

const TRIES = 3

/** The terms of each order as they stand, whoever wrote it. */
export async function findOrInsertOrders(database: Database, group: NewOrder[]): Promise<OrderTerms[]> {
  const rows = group.map(orderColumns).sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
  const terms = new Map<string, OrderTerms>()
  for (let tries = 0; tries < TRIES && rows.length > 0; tries++) {
    // One that a rival wrote while this statement waited for it is neither created here nor in this statement's snapshot: look again.
    const missing = rows.filter((row) => !terms.has(nameOf(row)))
    if (missing.length === 0) break
    const found = await database.run<OrderTerms & { merchant_id: string; id: string }>(ensureOrders, [
      JSON.stringify(missing),
    ])
    for (const { amount, currency, ...key } of found) terms.set(nameOf(key), { amount, currency })
  }
  return group.map(({ merchantId, id }) => {
    const found = terms.get(nameOf({ merchant_id: merchantId, id }))
    if (!found) throw new Error(`order ${id} was neither inserted nor found in ${TRIES} tries`)
    return found
  })
}

function nameOf(order: { merchant_id: string; id: string }): string {
  return `${order.merchant_id} ${order.id}`
}

function orderColumns(order: NewOrder) {
  return {
    merchant_id: order.merchantId,
    id: order.id,
    amount: order.amount,
    currency: order.currency,
    receipt: order.receipt,
    notes: order.notes,
    client_secret_hash: order.clientSecretHash && bytea(order.clientSecretHash),
    created_at: order.createdAt,
  }
}
