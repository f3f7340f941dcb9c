import pg from 'pg'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { newId } from '../schema/ids.ts'
import { newCommand, newEvent, newPayment, openTruth, paymentTurn } from '../tests/support/truth.ts'
import { acceptCommands } from './accept/commands.ts'
import { acceptOrders, ensureOrders } from './accept/orders.ts'
import { acceptPayments } from './accept/payments.ts'
import { replayKey } from './accept/replay.ts'
import { commitDeliveries, loadDeliveries } from './delivery/statements.ts'
import { dropEvents, purgeAudit, purgeDeliveries, purgeKeys, purgeSessions } from './housekeeping.ts'
import { owedTurns } from './owed.ts'
import { commitPayments, loadPayments } from './payment/statements.ts'
import { paymentStore } from './payment/store.ts'
import { failedDeliveries, missingEvents } from './replay/pages.ts'
import { commitReplays, loadReplays } from './replay/statements.ts'
import { answeredCommands } from './storage.ts'

/**
 * A plan is made once a connection and kept, often while the tables are empty. So it must be the right one from the start: this
 * reads the plans that are made on empty, analysed tables, those on a few rows, and those that are still used once there are many.
 */
const plans = suite('the plans')
const truth = await openTruth()
const client = new pg.Client({ connectionString: truth.url })
await client.connect()
plans.after(async () => {
  await client.end()
  await truth.close()
})

const STATEMENTS = [
  acceptPayments,
  acceptOrders,
  ensureOrders,
  acceptCommands,
  replayKey,
  loadPayments,
  commitPayments,
  loadDeliveries,
  commitDeliveries,
  loadReplays,
  commitReplays,
  failedDeliveries,
  missingEvents,
  owedTurns,
  answeredCommands,
  purgeKeys,
  purgeSessions,
  purgeAudit,
  purgeDeliveries,
  dropEvents,
]

/** What an index must be searched by: its full key, where the statement has it. */
const KEYS: Record<string, string[]> = {
  payments_pkey: ['id'],
  webhook_deliveries_pkey: ['id'],
  merchants_pkey: ['id'],
  webhook_endpoints_pkey: ['id'],
  mailboxes_pkey: ['actor_id'],
  orders_pkey: ['merchant_id', 'id'],
  orders_public: ['id', 'merchant_id'],
  idempotency_keys_pkey: ['merchant_id', 'key'],
  inbox_pkey: ['actor_id', 'seq'],
  payments_due: ['wake_at'],
  webhook_deliveries_due: ['wake_at'],
  webhook_deliveries_payment: ['payment_id', 'sequence'],
  webhook_deliveries_failed: ['merchant_id', 'created_at'],
  webhook_attempts_pkey: ['delivery_id'],
  webhook_replays_pkey: ['id'],
  webhook_replays_due: ['wake_at'],
  inbox_due: ['created_at'],
  events_list: ['merchant_id', 'created_at', 'id'],
  operations_payment: ['payment_id'],
  refunds_payment: ['payment_id'],
  webhook_endpoints_merchant: ['merchant_id'],
  idempotency_keys_age: ['created_at'],
  sessions_age: ['expires_at'],
  audit_log_all: ['created_at'],
}
/** The look-ups that know the actor and not the number. */
const BY_ACTOR_ALONE = new Set([replayKey.name, purgeDeliveries.name])

const explained = new Map<string, string[]>(STATEMENTS.map(({ name }) => [name, []]))

plans.before(async () => {
  await client.query('set plan_cache_mode = force_generic_plan; analyze')
  for (const { name, text } of STATEMENTS) await client.query(`prepare ${name} as ${text}`)
  await explainAll()
  await fill(30)
  await client.query('analyze')
  await explainAll()
  await fill(10_000)
  await explainAll()
})

for (const { name } of STATEMENTS) {
  plans(`${name} scans no table and walks no index, however the tables grew since it was planned`, () => {
    for (const plan of explained.get(name) as string[]) {
      assert.not.match(plan, /Seq Scan/, plan)
      assert.not.match(plan, /(Hash|Merge) Join/, plan)
      for (const [, index, condition] of indexScans(plan)) {
        assert.ok(condition, `${index} is walked from end to end\n${plan}`)
        const keys = BY_ACTOR_ALONE.has(name) && index === 'inbox_pkey' ? ['actor_id'] : KEYS[nameOf(index as string)]
        assert.ok(keys, `${index}: say in KEYS what it must be searched by`)
        for (const key of keys) assert.match(condition as string, new RegExp(`\\b${key}\\b`), plan)
      }
    }
  })
}

/** An index of a month of events by the name of the index that it is a part of. */
function nameOf(index: string): string {
  return index.replace(/^events_(\d{6}|default)_merchant_id_created_at_id_idx$/, 'events_list')
}

/** Each index scan of a plan: the index, and what it is searched by. */
function indexScans(plan: string): RegExpMatchArray[] {
  const scan =
    /(?:Index (?:Only )?Scan (?:Backward )?using|Bitmap Index Scan on) (\S+)[^\n]*(?:\n\s*Index Cond: ([^\n]*))?/g
  return [...plan.matchAll(scan)]
}

async function explainAll(): Promise<void> {
  for (const { name } of STATEMENTS) explained.get(name)?.push(await explain(name))
}

async function explain(name: string): Promise<string> {
  const text = STATEMENTS.find((statement) => statement.name === name)?.text ?? ''
  const last = Math.max(0, ...[...text.matchAll(/\$(\d+)/g)].map(([, n]) => Number(n)))
  const values = last > 0 ? `(${Array(last).fill('null').join()})` : ''
  const { rows } = await client.query(`explain execute ${name} ${values}`)
  return rows.map((row) => row['QUERY PLAN']).join('\n')
}

/** So many payments, and a few hundred of what belongs to them. */
async function fill(count: number): Promise<void> {
  const { acceptance, database } = truth
  const payments = Array.from({ length: count }, () => newPayment(truth))
  await Promise.all(payments.map((payment) => acceptance.payment(payment, null)))
  const some = payments.slice(0, 300)
  const turns = await Promise.all(some.map(({ id }) => paymentTurn(truth, id, { events: [newEvent()] })))
  await paymentStore(database).commit(turns)
  await Promise.all(
    some.map(({ id }) =>
      acceptance.command(newCommand(truth, id), { key: newId('evt_'), fingerprint: Buffer.from('f') }),
    ),
  )
}

plans.run()
