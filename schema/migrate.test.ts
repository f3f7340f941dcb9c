import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { freshDatabase } from '../tests/support/index.ts'
import { migrate } from './migrate.ts'

const migrating = suite('migrations')
const { url, drop } = await freshDatabase()
const client = new pg.Client({ connectionString: url })
await client.connect()

migrating.after(async () => {
  await client.end()
  await drop()
})

migrating('any number of processes may migrate at once, and again', async () => {
  await client.query('drop schema public cascade; drop schema bank cascade; create schema public')
  await Promise.all([migrate(url), migrate(url), migrate(url), migrate(url)])
  await migrate(url)
  const { rows } = await client.query('select name from kysely_migration order by name')
  const files = readdirSync(join(import.meta.dirname, 'migrations')).sort()
  assert.equal(
    rows.map(({ name }) => `${name}.ts`),
    files,
  )
})

migrating('months join without a gap or an overlap, in whatever time zone they are made', async () => {
  for (const zone of ['UTC', 'America/New_York', 'Asia/Kolkata', 'Pacific/Auckland']) {
    await client.query(`set timezone = '${zone}'`)
    for (const parent of ['events', 'journal']) await dropMonths(parent)
    await client.query('select make_partitions()')
    await client.query(`set timezone = 'UTC'`)
    const bounds = await monthBounds('events')
    assert.is(bounds.length, 3, zone)
    for (const [n, { from, to }] of bounds.entries()) {
      assert.match(from, /^\d{4}-\d\d-01 00:00:00\+00$/)
      if (n > 0) assert.is(from, bounds[n - 1]?.to)
      assert.ok(from < to)
    }
    assert.equal(await monthBounds('journal'), bounds)
  }
})

migrating(
  'rows that came before their month stay where they are, and the month is left to the default partition',
  async () => {
    const [, next] = await monthBounds('journal')
    await client.query(`drop table journal_${next?.from.slice(0, 7).replace('-', '')}`)
    await client.query(`insert into journal (actor_id, version, entry, at) values ('early', 1, '{}', $1)`, [next?.from])
    await client.query('select make_partitions()')
    assert.is((await monthBounds('journal')).length, 2)
    assert.is((await client.query(`select from journal where actor_id = 'early'`)).rowCount, 1)
  },
)

migrating('an id made by Postgres is a UUID of version 7, in the order of time', async () => {
  const before = Date.now()
  const { rows } = await client.query('select new_uuid_v7() as id from generate_series(1, 100)')
  const after = Date.now()
  for (const { id } of rows as { id: string }[]) {
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    const ms = Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)
    assert.ok(before - 1 <= ms && ms <= after + 1)
  }
})

async function dropMonths(parent: string): Promise<void> {
  const { rows } = await client.query<{ child: string }>(
    `select inhrelid::regclass as child from pg_inherits where inhparent = '${parent}'::regclass`,
  )
  for (const { child } of rows) if (!child.endsWith('_default')) await client.query(`drop table ${child}`)
}

async function monthBounds(parent: string): Promise<{ from: string; to: string }[]> {
  const { rows } = await client.query<{ bound: string }>(
    `select pg_get_expr(c.relpartbound, c.oid) as bound from pg_inherits join pg_class c on c.oid = inhrelid
      where inhparent = '${parent}'::regclass and c.relname !~ 'default$' order by c.relname`,
  )
  return rows.map(({ bound }) => {
    const [, from = '', to = ''] = /FROM \('(.*)'\) TO \('(.*)'\)/.exec(bound) ?? []
    return { from, to }
  })
}

migrating.run()
