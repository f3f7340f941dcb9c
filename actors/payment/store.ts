/**
 * The payments' half of the truth: rows to states and back. The statements beside this file keep the promises; here is only which
 * column is which field, and that a row written twice in one turn is written as it was last.
 */
import type { Selectable } from 'kysely'
import type { Commit, Loaded, Store } from '../../runtime/storage.ts'
import type { Database } from '../../schema/database.ts'
import type { PaymentsTable } from '../../schema/tables.ts'
import { fromStore } from '../away.ts'
import { commitGroup } from '../commit.ts'
import { isoTime, type LoadedRow, loadedFrom } from '../load.ts'
import type { Operation, Payment, PaymentEvent, PaymentRow, Refund } from './state.ts'
import { commitPayments, loadPayments } from './statements.ts'

type Columns = Selectable<PaymentsTable> & { operations: Operation[] | null; refunds: Refund[] | null }
type Row = Columns & LoadedRow

export function paymentStore(database: Database): Store<Payment, PaymentRow, PaymentEvent> {
  return {
    load: async (ids) => (await fromStore(() => database.run<Row>(loadPayments, [ids]))).map(toLoaded),
    commit: (group) => commitGroup(database, commitPayments, group, toColumns),
    facts: mutableColumns,
    copy,
  }
}

/** Two levels, as deep as handlers change it. A payment's first turn has two messages, so every payment is copied once. */
function copy(payment: Payment): Payment {
  return {
    ...payment,
    operations: payment.operations.map((operation) => ({ ...operation })),
    refunds: payment.refunds.map((refund) => ({ ...refund })),
  }
}

function toLoaded(row: Row): Loaded<Payment> {
  return { ...loadedFrom(row), state: toPayment(row) }
}

/** The state that a row and its children say; a reader that needs no children leaves them null. */
export function toPayment(row: Columns): Payment {
  return {
    id: row.id,
    merchantId: row.merchant_id,
    orderId: row.order_id,
    amount: row.amount,
    currency: row.currency,
    method: row.method,
    vpa: row.vpa,
    cardNetwork: row.card_network,
    cardLast4: row.card_last4,
    instrument: row.instrument,
    notes: row.notes,
    status: row.status,
    canceled: row.canceled,
    capturedAmount: row.captured_amount,
    amountRefunded: row.amount_refunded,
    errorCode: row.error_code,
    errorDescription: row.error_description,
    createdAt: isoTime(row.created_at),
    updatedAt: isoTime(row.updated_at),
    eventSeq: row.event_seq,
    operations: (row.operations ?? []).map((operation) => ({ ...operation, createdAt: isoTime(operation.createdAt) })),
    refunds: (row.refunds ?? []).map((refund) => ({ ...refund, createdAt: isoTime(refund.createdAt) })),
  }
}

function mutableColumns(payment: Payment) {
  return {
    status: payment.status,
    canceled: payment.canceled,
    captured_amount: payment.capturedAmount,
    amount_refunded: payment.amountRefunded,
    error_code: payment.errorCode,
    error_description: payment.errorDescription,
  }
}

function toColumns({ state, rows }: Commit<Payment, PaymentRow, PaymentEvent>) {
  const operations = new Map<string, Operation>()
  const refunds = new Map<string, Refund>()
  for (const written of rows) {
    // One statement can't upsert a key twice, and only the last word counts.
    if (written.table === 'operations') operations.set(written.row.key, written.row)
    else refunds.set(written.row.id, written.row)
  }
  return {
    ...mutableColumns(state),
    vpa: state.vpa,
    event_seq: state.eventSeq,
    updated_at: state.updatedAt,
    operations: [...operations.values()],
    refunds: [...refunds.values()],
  }
}
