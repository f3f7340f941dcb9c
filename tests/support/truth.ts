/** A database with merchants, payments and turns to write, for tests of what stands in Postgres. */

import type { NewCommand, NewPayment } from '../../actors/accept.ts'
import { Acceptance } from '../../actors/accept.ts'
import type { Payment, PaymentEvent, PaymentRow } from '../../actors/payment/state.ts'
import { paymentStore } from '../../actors/payment/store.ts'
import type { Commit } from '../../runtime/storage.ts'
import { type Database, openDatabase } from '../../schema/database.ts'
import { newId, newUuid } from '../../schema/ids.ts'
import { freshDatabase } from './database.ts'

export interface Truth {
  url: string
  database: Database
  acceptance: Acceptance
  merchantId: string
  tenant: string
  endpointId: string
  count(table: string, where?: string): Promise<number>
  query<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>
  /** Resolves once somebody waits for a row that a rival holds. */
  untilLocked(): Promise<void>
  close(): Promise<void>
}

export const SECRET = Buffer.from('sealed')

/** One merchant with one endpoint that wants every event. */
export async function openTruth(): Promise<Truth> {
  const { url, drop } = await freshDatabase()
  const database = openDatabase({ url, max: 8, applicationName: 'test' })
  const { kysely } = database
  const merchantId = newUuid()
  const { num } = await kysely
    .insertInto('merchants')
    .values({ id: merchantId, name: 'Test', email: 'test@example.com', test: true, webhook_secret: SECRET })
    .returning('num')
    .executeTakeFirstOrThrow()
  const endpointId = newId('whe_')
  const endpoint = { id: endpointId, merchant_id: merchantId, url: 'http://127.0.0.1/' }
  await kysely.insertInto('webhook_endpoints').values(endpoint).execute()
  const query = <Row extends object>(text: string, values: unknown[] = []) =>
    database.run<Row>({ name: '', text }, values)
  return {
    url,
    database,
    acceptance: new Acceptance(database),
    merchantId,
    tenant: num.toString(36),
    endpointId,
    query,
    count: async (table, where = 'true') =>
      (await query<{ n: number }>(`select count(*)::int as n from ${table} where ${where}`))[0]?.n ?? 0,
    untilLocked: async () => {
      const waiting = `select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`
      while ((await query(waiting)).length === 0);
    },
    close: async () => {
      await database.close()
      await drop()
    },
  }
}

export function newPayment({ merchantId, tenant }: Truth, values: Partial<NewPayment> = {}): NewPayment {
  return {
    id: newId('pay_'),
    merchantId,
    tenant,
    orderId: 'ord_test_001',
    amount: 50_000,
    currency: 'INR',
    method: 'upi',
    vpa: 'test@upi',
    cardNetwork: null,
    cardLast4: null,
    instrument: 'sim_success',
    createdAt: new Date().toISOString(),
    ...values,
  }
}

/** The id of a payment that has been accepted. */
export async function acceptedPayment(truth: Truth, values: Partial<NewPayment> = {}): Promise<string> {
  const payment = newPayment(truth, values)
  await truth.acceptance.payment(payment, null)
  return payment.id
}

export function newCommand(truth: Truth, actorId: string, values: Partial<NewCommand> = {}): NewCommand {
  const { merchantId, tenant } = truth
  const commandId = newUuid()
  const command = {
    actorId,
    kind: 'payment' as const,
    merchantId,
    tenant,
    commandId,
    name: 'refund',
    body: { amount: 100 },
  }
  return { ...command, replyTo: null, objectId: actorId, ...values }
}

export function newEvent(type = 'payment.success', sequence = 1): PaymentEvent {
  return { id: newId('evt_'), type, sequence, payload: `{"event":"${type}"}` }
}

type PaymentCommit = Commit<Payment, PaymentRow, PaymentEvent>

/** A turn of a payment as it stands now, that changes nothing but what is given. */
export async function paymentTurn(
  truth: Truth,
  id: string,
  values: Partial<PaymentCommit> = {},
): Promise<PaymentCommit> {
  const [loaded] = await paymentStore(truth.database).load([id])
  if (!loaded) throw new Error(`no payment ${id}`)
  const { tenant, state, version, lastSeq, timers } = loaded
  const journal = { messages: [], worker: 'test', started: loaded.now, took: 1 }
  return { id, tenant, state, version, lastSeq, timers, rows: [], events: [], results: [], journal, ...values }
}
