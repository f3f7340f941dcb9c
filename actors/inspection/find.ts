/**
 * From any id to its actor, by key look-ups alone: a payment, a delivery or a replay is one; a refund and an event belong to their payment.
 */
import { sql } from 'kysely'
import { type Address, parseAddress, toAddress } from '../../runtime/address.ts'
import type { Database } from '../../schema/database.ts'
import { fromStore } from '../away.ts'
import { tenantOf } from '../load.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** What stands under an id: the select of its kind, its actor's id and its merchant. */
const LOOK_UPS: { is: (id: string) => boolean; kind: string; text: string }[] = [
  { is: (id) => id.startsWith('pay_'), kind: 'payment', text: 'select id, merchant_id from payments where id =' },
  {
    is: (id) => id.startsWith('rfnd_'),
    kind: 'payment',
    text: 'select payment_id as id, merchant_id from refunds where id =',
  },
  {
    is: (id) => id.startsWith('evt_'),
    kind: 'payment',
    text: 'select payment_id as id, merchant_id from events where id =',
  },
  {
    is: (id) => UUID.test(id),
    kind: 'delivery',
    text: 'select id::text, merchant_id from webhook_deliveries where id =',
  },
  { is: (id) => id.startsWith('whr_'), kind: 'replay', text: 'select id, merchant_id from webhook_replays where id =' },
]

/** null: no such id, or one that has no actor. Throws StoreAway. */
export async function findActor(database: Database, idOrAddress: string): Promise<Address | null> {
  const id = idOrAddress.includes('/') ? idOf(idOrAddress) : idOrAddress
  const lookUp = LOOK_UPS.find(({ is }) => is(id))
  if (!lookUp) return null
  const typed = lookUp.kind === 'delivery' ? sql`${id}::uuid` : sql`${id}`
  const { rows } = await fromStore(() =>
    sql<{ id: string | null; num: number }>`
      select o.id, m.num from (${sql.raw(lookUp.text)} ${typed} limit 1) o join merchants m on m.id = o.merchant_id
    `.execute(database.kysely),
  )
  const [row] = rows
  return row?.id ? toAddress({ tenant: tenantOf(row.num), kind: lookUp.kind, id: row.id }) : null
}

function idOf(address: string): string {
  try {
    return parseAddress(address).id
  } catch {
    return address
  }
}
