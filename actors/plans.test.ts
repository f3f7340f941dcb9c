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
import { purgeAttempts, purgeAudit, purgeKeys, purgeSessions } from './housekeeping.ts'
import { owedTurns } from './owed.ts'
import { commitPayments, loadPayments } from './payment/statements.ts'
import { paymentStore } from './payment/store.ts'
import { failedDeliveries, missingEvents } from './replay/pages.ts'
import { commitReplays, loadReplays } from './replay/statements.ts'
import { answeredCommands } from './storage.ts'

/**
 * A plan is made once a connection and kept, often while the tables are empty. So it must be the right one from the start: this
 * prepares every statement on empty, analysed tables, fills them, and then reads the plans that would still be used.
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
  purgeAttempts,
]

/** What an index must be searched by: its full key, where the statement has it. */
const KEYS: Record<string, string[]> = {
  payments_pkey: ['id'],
  webhook_deliveries_pkey: ['id'],
  merchants_pkey: ['id'],
  webhook_endpoints_pkey: ['id'],
  mailboxes_pkey: ['actor_id'],
  orders_pkey: ['merchant_id', 'id'],
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
}
/** The one look-up that knows the actor and not the number. */
const BY_ACTOR_ALONE = new Set([replayKey.name])

const explained = new Map<string, string>()

plans.before(async () => {
  await client.query('set plan_cache_mode = force_generic_plan; analyze')
  for (const { name, text } of STATEMENTS) {
    await client.query(`prepare ${name} as ${text}`)
    await explain(name)
  }
  await fill()
  for (const { name } of STATEMENTS) explained.set(name, await explain(name))
})

for (const { name } of STATEMENTS) {
  plans(`${name} scans no table and walks no index, however the tables grew since it was planned`, () => {
    const plan = explained.get(name) as string
    assert.not.match(plan, /Seq Scan/, plan)
    assert.not.match(plan, /(Hash|Merge) Join/, plan)
    for (const [, index, condition] of indexScans(plan)) {
      assert.ok(condition, `${index} is walked from end to end\n${plan}`)
      const keys = BY_ACTOR_ALONE.has(name) && index === 'inbox_pkey' ? ['actor_id'] : (KEYS[index as string] ?? [])
      for (const key of keys) assert.match(condition as string, new RegExp(`\\b${key}\\b`), plan)
    }
  })
}

/** Each index scan of a plan: the index, and what it is searched by. */
function indexScans(plan: string): RegExpMatchArray[] {
  const scan =
    /(?:Index (?:Only )?Scan (?:Backward )?using|Bitmap Index Scan on) (\S+)[^\n]*(?:\n\s*Index Cond: ([^\n]*))?/g
  return [...plan.matchAll(scan)]
}

async function explain(name: string): Promise<string> {
  const text = STATEMENTS.find((statement) => statement.name === name)?.text ?? ''
  const last = Math.max(...[...text.matchAll(/\$(\d+)/g)].map(([, n]) => Number(n)))
  const { rows } = await client.query(`explain execute ${name} (${Array(last).fill('null').join()})`)
  return rows.map((row) => row['QUERY PLAN']).join('\n')
}

/** 10,000 payments, and a few hundred of what belongs to them. */
async function fill(): Promise<void> {
  const { acceptance, database } = truth
  const payments = Array.from({ length: 10_000 }, () => newPayment(truth))
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
