import { createServer } from 'node:net'
import { sql } from 'kysely'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { freshDatabase } from '../tests/support/index.ts'
import { type Database, isStoreAway, openDatabase, postgresUrl, sqlState } from './database.ts'

const database = suite('the database')
const { url, drop } = await freshDatabase()
const open = (at = url, max = 2) => openDatabase({ url: at, max, applicationName: 'database.test' })
const db = open()

database.after(async () => {
  await db.close()
  await drop()
})

const run = (text: string, on: Database = db) => on.run<Record<string, unknown>>({ name: '', text }, [])
const errorOf = (promise: Promise<unknown>) =>
  promise.then(
    () => assert.unreachable(),
    (error: unknown) => error,
  )

database('amounts come as numbers, and one that a number cannot hold is refused', async () => {
  assert.equal(await run('select 9007199254740991::bigint as n'), [{ n: Number.MAX_SAFE_INTEGER }])
  const error = await errorOf(run('select 9007199254740993::bigint as n'))
  assert.match(String(error), '9007199254740993 is beyond what a number holds exactly')
})

database('a jdbc URL is a URL', () => {
  assert.is(
    postgresUrl('jdbc:postgresql://postgres:5432/payment_gateway'),
    'postgresql://postgres:5432/payment_gateway',
  )
  assert.is(postgresUrl('postgres://u:p@h/d'), 'postgres://u:p@h/d')
})

database('every connection has the settings and the name that it should have', async () => {
  const [row] =
    await run(`select current_setting('enable_seqscan') as seqscan, current_setting('enable_hashjoin') as hashjoin,
    current_setting('statement_timeout') as statement, current_setting('application_name') as name`)
  assert.equal(row, { seqscan: 'off', hashjoin: 'off', statement: '10s', name: 'database.test' })
})

database('a statement that the server refuses is not an outage', async () => {
  for (const wrong of ['select 1/0', 'select * from nowhere', `select 'x'::uuid`]) {
    const error = await errorOf(run(wrong))
    assert.not(isStoreAway(error), wrong)
    assert.is(sqlState(error)?.length, 5)
  }
})

database('a connection cut in the middle, and a server that is not there, are', async () => {
  const cut = run('select pg_sleep(5)')
  const error = errorOf(cut)
  await untilRunning('pg_sleep')
  await run(
    `select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep(5)%' and pid <> pg_backend_pid()`,
  )
  assert.ok(isStoreAway(await error))
  const nobody = open('postgres://postgres@127.0.0.1:1/nothing')
  assert.ok(isStoreAway(await errorOf(run('select 1', nobody))))
  await nobody.close()
})

database(
  'a server that accepts and falls silent is, and so is a pool with no connection to give, after 5 s',
  async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1')
    await new Promise((listening) => silent.once('listening', listening))
    const { port } = silent.address() as { port: number }
    const waiting = open(`postgres://postgres@127.0.0.1:${port}/x`)
    const busy = open(url, 1)
    const sleeping = run('select pg_sleep(5.5)', busy)
    for (const error of await Promise.all([run('select 1', waiting), run('select 1', busy)].map(errorOf))) {
      assert.ok(isStoreAway(error), String(error))
    }
    await sleeping
    await Promise.all([waiting.close(), busy.close()])
    silent.close()
  },
)

database('an idle connection that dies ends no process, and is replaced', async () => {
  const own = open(url, 1)
  const [{ pid }] = (await run('select pg_backend_pid() as pid', own)) as [{ pid: number }]
  await run(`select pg_terminate_backend(${pid})`)
  // Whoever calls before this process has heard of it is told so; afterwards there is another connection.
  const first = await run('select 1 as one', own).catch((error: unknown) => assert.ok(isStoreAway(error)))
  assert.equal(first ?? (await run('select 1 as one', own)), [{ one: 1 }])
  await own.close()
})

database(
  'a connection that dies between two statements of a transaction ends the transaction, not the process',
  async () => {
    const other = open()
    const transaction = other.kysely.transaction().execute(async (work) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(work)
      await run(`select pg_terminate_backend(${rows[0]?.pid}, 5000)`)
      await sql`select 1`.execute(work)
    })
    assert.ok(isStoreAway(await errorOf(transaction)))
    assert.equal(await run('select 1 as one', other), [{ one: 1 }])
    await other.close()
  },
)

database("a bug in our own code is not the database's outage", () => {
  assert.not(isStoreAway(new TypeError('x is not a function')))
  assert.not(isStoreAway('a string'))
})

async function untilRunning(part: string): Promise<void> {
  for (;;) {
    const rows = await run(
      `select 1 from pg_stat_activity where state = 'active' and query like '%${part}(5)%' and pid <> pg_backend_pid()`,
    )
    if (rows.length > 0) return
  }
}

database.run()
