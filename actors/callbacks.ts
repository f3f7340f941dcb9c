/**
 * The bank calls back: about an operation that was slow, or a second time about one that was answered. A callback becomes a command in its
 * payment's inbox, so the actor hears of it in a turn like of everything else, and a worker's death loses none that was written.
 */
import { type Address, toAddress } from '../runtime/address.ts'
import type { Database } from '../schema/database.ts'
import { newUuid } from '../schema/ids.ts'
import type { Acceptance } from './accept.ts'
import { fromStore } from './away.ts'
import { tenantOf } from './load.ts'

export interface Callback {
  /** The operation's key. */
  key: string
  payment: string
}

export interface CallbackOptions {
  database: Database
  acceptance: Acceptance
  ring: (addresses: Address[]) => void
}

/** False when there is no such payment: a bank may say what it likes. Throws StoreAway; the bank will call again, or be asked. */
export async function hearBank({ database, acceptance, ring }: CallbackOptions, callback: Callback): Promise<boolean> {
  const row = await fromStore(() =>
    database.kysely
      .selectFrom('payments')
      .innerJoin('merchants', 'merchants.id', 'payments.merchant_id')
      .select(['merchants.id as merchantId', 'merchants.num'])
      .where('payments.id', '=', callback.payment)
      .executeTakeFirst(),
  )
  if (!row) return false
  const tenant = tenantOf(row.num)
  const { outcome } = await acceptance.command(
    {
      actorId: callback.payment,
      kind: 'payment',
      merchantId: row.merchantId,
      tenant,
      commandId: newUuid(),
      name: 'bank_answer',
      body: { key: callback.key },
      replyTo: null,
      objectId: callback.payment,
    },
    null,
  )
  if (outcome === 'accepted') ring([toAddress({ tenant, kind: 'payment', id: callback.payment })])
  return outcome === 'accepted'
}
