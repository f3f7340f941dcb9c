/**
 * Accepting a payment: its row, pending and with the timers `announce` and `process` due now, and its idempotency key. Nothing else belongs here, because
 * this is what a merchant waits for: with two events and two deliveries in this statement it did a third of the rows a second.
 */
import type { Database, Statement } from '../../schema/database.ts'
import type { NewPayment } from '../accept.ts'
import { NOW_MS } from '../load.ts'
import { type CreationKey, create, KEY_COLUMNS, KEYS_TAKEN, keyColumns, MAY_BE_CREATED } from './creation.ts'

export interface KeyedPayment {
  payment: NewPayment
  key: CreationKey | null
}

const NAMES = `id, merchant_id, order_id, amount, currency, method, vpa, card_network, card_last4, instrument, exclusive, notes, created_at`

/** $1: the group as JSON. Answers the ids created. Fails as a whole when an order has its one exclusive payment already. */
export const acceptPayments: Statement = {
  name: 'accept_payments',
  text: `
with i as materialized (
  select * from jsonb_to_recordset($1::jsonb) as t (id text, merchant_id uuid, order_id text, amount bigint, currency text, method text,
    vpa text, card_network text, card_last4 text, instrument text, exclusive boolean, notes jsonb, created_at timestamptz, ${KEY_COLUMNS})
), ${KEYS_TAKEN}
insert into payments (${NAMES}, updated_at, timers, wake_at)
select ${NAMES}, created_at, jsonb_build_object('announce', ${NOW_MS}, 'process', ${NOW_MS}), now()
from i where ${MAY_BE_CREATED}
on conflict (id) do nothing
returning id`,
}

/** False: lost its key to a rival. */
export function insertPayments(database: Database, group: KeyedPayment[]): Promise<boolean[]> {
  const rows = group.map(({ payment, key }) => ({
    id: payment.id,
    merchant_id: payment.merchantId,
    order_id: payment.orderId,
    amount: payment.amount,
    currency: payment.currency,
    method: payment.method,
    vpa: payment.vpa,
    card_network: payment.cardNetwork,
    card_last4: payment.cardLast4,
    instrument: payment.instrument,
    exclusive: payment.exclusive ?? false,
    notes: payment.notes ?? null,
    created_at: payment.createdAt,
    ...keyColumns(key),
  }))
  return create(database, acceptPayments, rows)
}
