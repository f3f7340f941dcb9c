/**
 * Refunds as they stand, for reading. A refund whose caller was told 202 may not have a row yet, or was refused later: then its
 * command speaks for it, so an id that was given out once is never "not found".
 */
import type { Selectable } from 'kysely'
import type { Refund } from '../actors/index.ts'
import type { Database, Statement } from '../schema/database.ts'
import type { RefundsTable } from '../schema/tables.ts'

/** By the index inbox_refunds. */
const FIND_COMMAND: Statement = {
  name: 'api_refund_command',
  text: `select actor_id, body, created_at, result from inbox
    where command = 'refund' and body->>'refund_id' = $1 and merchant_id = $2`,
}

interface CommandRow {
  actor_id: string
  body: { amount: number; reason: string | null; notes?: Record<string, unknown> | null }
  created_at: Date
  result: { body: { error?: { code: string; description: string } } } | null
}

/** null when the merchant has no such refund. */
export async function findRefund(database: Database, merchantId: string, id: string): Promise<Refund | null> {
  const row = await database.kysely
    .selectFrom('refunds')
    .selectAll()
    .where('id', '=', id)
    .where('merchant_id', '=', merchantId)
    .executeTakeFirst()
  if (row) return refundOf(row)
  const [command] = await database.run<CommandRow>(FIND_COMMAND, [id, merchantId])
  return command ? refundByCommand(id, merchantId, command) : null
}

function refundByCommand(id: string, merchantId: string, { actor_id, body, created_at, result }: CommandRow): Refund {
  const error = result?.body.error
  return {
    id,
    paymentId: actor_id,
    merchantId,
    amount: body.amount,
    reason: body.reason,
    notes: body.notes ?? null,
    status: error ? 'failed' : 'pending',
    errorCode: error?.code ?? null,
    errorDescription: error?.description ?? null,
    createdAt: created_at.toISOString(),
    processedAt: null,
  }
}

export function refundOf(row: Selectable<RefundsTable>): Refund {
  return {
    id: row.id,
    paymentId: row.payment_id,
    merchantId: row.merchant_id,
    amount: row.amount,
    reason: row.reason,
    notes: row.notes,
    status: row.status,
    errorCode: row.error_code,
    errorDescription: row.error_description,
    createdAt: row.created_at.toISOString(),
    processedAt: row.processed_at?.toISOString() ?? null,
  }
}
