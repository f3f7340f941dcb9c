/** Payments as they stand in their table, for reading. Only the payment's actor writes there. */
import type { Selectable } from 'kysely'
import { type Payment, toPayment } from '../actors/index.ts'
import type { Database } from '../schema/database.ts'
import { GatewayError } from '../schema/errors.ts'
import type { PaymentsTable } from '../schema/tables.ts'

/** The merchant's payment. Throws NOT_FOUND_ERROR; another merchant's is not found either. */
export async function findPayment(database: Database, merchantId: string, id: string): Promise<Payment> {
  const row = await database.kysely
    .selectFrom('payments')
    .selectAll()
    .where('id', '=', id)
    .where('merchant_id', '=', merchantId)
    .executeTakeFirst()
  return fromRow(row)
}

/** Any test merchant's payment, for those who may only see its public view. Throws NOT_FOUND_ERROR. */
export async function findTestPayment(database: Database, id: string): Promise<Payment> {
  const row = await database.kysely
    .selectFrom('payments')
    .innerJoin('merchants', 'merchants.id', 'payments.merchant_id')
    .selectAll('payments')
    .where('payments.id', '=', id)
    .where('merchants.test', '=', true)
    .executeTakeFirst()
  return fromRow(row)
}

export function paymentOf(row: Selectable<PaymentsTable>): Payment {
  return toPayment({ ...row, operations: null, refunds: null })
}

function fromRow(row: Selectable<PaymentsTable> | undefined): Payment {
  if (!row) throw new GatewayError('NOT_FOUND_ERROR', 'Payment not found')
  return paymentOf(row)
}
