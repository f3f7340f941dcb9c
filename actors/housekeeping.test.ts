import pg from 'pg'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openTruth } from '../tests/support/truth.ts'
import { keepHouse } from './housekeeping.ts'

const keeping = suite('housekeeping takes what has expired, and nothing else')
const truth = await openTruth()
const { database } = truth
keeping.before.each(async () => {
  await truth.query('truncate webhook_deliveries, webhook_attempts, inbox, mailboxes, events')
})
keeping.after(() => truth.close())

const idsIn = async (table: string, column: string) => {
  const rows = await truth.query<{ id: string }>(`select ${column} as id from ${table} order by 1`)
  return rows.map(({ id }) => id)
}

keeping('keys live for a day, sessions to their end, audit lines for a year and a month', async () => {
  const addKey = (key: string, age: string) =>
    truth.query(
      `insert into idempotency_keys (merchant_id, key, fingerprint, object_id, status, response, created_at)
        values ($1, $2, '', 'x', 201, '{}', now() - $3::interval)`,
      [truth.merchantId, key, age],
    )
  const addSession = (hash: string, left: string) =>
    truth.query(`insert into sessions (token_hash, expires_at) values ($1, now() + $2::interval)`, [hash, left])
  const addLine = (id: string, age: string) =>
    truth.query(
      `insert into audit_log (id, actor, action, request_id, address, created_at) values ($1, 'a', 'a', 'r', '', now() - $2::interval)`,
      [id, age],
    )
  await Promise.all([addKey('yesterday', '24 hours 1 second'), addKey('today', '23 hours 59 minutes')])
  await Promise.all([addSession('over', '-1 second'), addSession('open', '1 minute')])
  await Promise.all([addLine('aud_old', '397 days'), addLine('aud_kept', '395 days')])
  await Promise.all([keepHouse(database), keepHouse(database)])
  assert.equal(await idsIn('idempotency_keys', 'key'), ['today'])
  assert.equal(await idsIn('sessions', `convert_from(token_hash, 'utf8')`), ['open'])
  assert.equal(await idsIn('audit_log', 'id'), ['aud_kept'])
})

/** Through unless it is under way; with an attempt, and with a command that was handled. */
async function addDelivery(name: string, age: string, underWay = false): Promise<void> {
  const [row] = await truth.query<{ id: string }>(
    `insert into webhook_deliveries (id, merchant_id, endpoint_id, event_id, event_at, type, sequence, last_seq, timers, wake_at)
      values (uuid_v7_floor(now() - $2::interval), $1, $3, 'evt_', now() - $2::interval, 'payment.success', 1, 1,
        case when $4 then '{"attempt": 1}' else '{}' end::jsonb, case when $4 then now() end) returning id`,
    [truth.merchantId, age, name, underWay],
  )
  const id = row?.id
  await truth.query(
    `insert into webhook_attempts (delivery_id, n, attempt, at, duration_ms, request_headers) values ($1, 1, 1, now(), 1, '{}')`,
    [id],
  )
  await truth.query('insert into mailboxes (actor_id, next_seq) values ($1, 2)', [id])
  await truth.query(
    `insert into inbox (actor_id, seq, kind, command_id, merchant_id, command, body, handled_at)
      values ($1, 1, 'delivery', gen_random_uuid(), $2, 'retry', '{}', now())`,
    [id, truth.merchantId],
  )
}

keeping(
  'deliveries go after 31 days, with their attempts and commands, unless they are still owed something',
  async () => {
    await addDelivery('through', '32 days')
    await addDelivery('under way', '33 days', true)
    await addDelivery('to be retried', '34 days')
    await truth.query(`update webhook_deliveries set last_seq = 0 where endpoint_id = 'to be retried'`)
    await addDelivery('younger', '30 days')
    await Promise.all([keepHouse(database), keepHouse(database)])
    assert.equal(await idsIn('webhook_deliveries', 'endpoint_id'), ['to be retried', 'under way', 'younger'])
    for (const table of ['webhook_attempts', 'inbox', 'mailboxes']) {
      assert.is(await truth.count(table), 3, table)
    }
  },
)

/** A month of each that ended so long ago; answers their names. */
async function addMonth(age: string): Promise<string[]> {
  const [month] = await truth.query<{ name: string; from: string; to: string }>(
    `select to_char(m, 'YYYYMM') as name, m::text as from, (m + interval '1 month')::text as to
      from (select date_trunc('month', now() at time zone 'utc' - $1::interval - interval '1 month')) as x (m)`,
    [age],
  )
  const names = ['events', 'journal'].map((parent) => `${parent}_${month?.name}`)
  for (const name of names) {
    const bounds = `for values from ('${month?.from}+00') to ('${month?.to}+00')`
    await truth.query(`create table if not exists ${name} partition of ${name.split('_')[0]} ${bounds}`)
  }
  return names
}

const exists = async (name: string) =>
  (await truth.query<{ found: boolean }>('select to_regclass($1) is not null as found', [name]))[0]?.found

keeping('months of events go once no delivery reads them, months of the journal after a year and a month', async () => {
  const [events = '', journal = ''] = await addMonth('100 days')
  const [, oldJournal = ''] = await addMonth('440 days')
  await addDelivery('under way', '64 days', true)
  await keepHouse(database)
  assert.equal(await Promise.all([events, journal, oldJournal].map(exists)), [true, true, false])
  await truth.query(`update webhook_deliveries set timers = '{}', wake_at = null`)
  await Promise.all([keepHouse(database), keepHouse(database)])
  assert.equal(await Promise.all([events, journal].map(exists)), [false, true])
})

keeping('a month that somebody reads waits for the next time, and nobody waits for it', async () => {
  const [events = ''] = await addMonth('100 days')
  const reader = new pg.Client({ connectionString: truth.url })
  await reader.connect()
  await reader.query(`begin; select count(*) from ${events}`)
  await keepHouse(database)
  assert.is(await exists(events), true)
  await reader.end()
  await keepHouse(database)
  assert.is(await exists(events), false)
})

keeping.run()
