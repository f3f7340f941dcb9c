/**
 * Brings a database up to date and sets what every connection of ours needs. Any process may run it at its start, several at
 * once: Kysely's lock lets them through one by one, and the second finds nothing to do.
 *
 * The planner settings stand on the role, because a connection pooler drops what a connection asks for by itself. Without
 * them a plan that was made while a table was empty stays in use when it no longer is: 710 ms for 64 turns instead of 14.
 * No statement of ours needs a hash join, a merge join, or a sequential scan of a table.
 */
import { Kysely, PostgresDialect, sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import pg from 'pg'
import { postgresUrl, surviveDrops } from './database.ts'
import * as initial from './migrations/0001_initial.ts'
import * as sessions from './migrations/0002_sessions.ts'
import * as webhooks from './migrations/0003_webhooks.ts'
import * as journalTime from './migrations/0004_journal_time.ts'
import * as keysAndAudit from './migrations/0004_keys_and_audit.ts'
import * as lists from './migrations/0005_lists.ts'
import * as retention from './migrations/0006_retention.ts'

const MIGRATIONS: Record<string, Migration> = {
  '0001_initial': initial,
  '0002_sessions': sessions,
  '0003_webhooks': webhooks,
  '0004_journal_time': journalTime,
  '0004_keys_and_audit': keysAndAudit,
  '0005_lists': lists,
  '0006_retention': retention,
}

/** On the role, in this database only. The timeouts are what no statement of ours may reach. */
const ROLE_SETTINGS = {
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  enable_seqscan: 'off',
  jit: 'off',
  lock_timeout: '5s',
  statement_timeout: '10s',
  idle_in_transaction_session_timeout: '5s',
}

/** One lock for the role's settings: two that alter one role at once fail with "tuple concurrently updated". */
const SETTINGS_LOCK = 72_510

/** Throws what the server says when a migration fails; the failed one leaves nothing behind. */
export async function migrate(url: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: postgresUrl(url), max: 1, onConnect: withoutTimeouts })
  surviveDrops(pool)
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  try {
    const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } })
    const { error } = await migrator.migrateToLatest()
    if (error) throw error
    await setRole(db)
    await sql`select make_partitions()`.execute(db)
  } finally {
    await db.destroy()
  }
}

/** A migration may take minutes, and its lock may be waited for as long; the role's timeouts are for what serves requests. */
async function withoutTimeouts(client: pg.ClientBase): Promise<void> {
  await client.query('set statement_timeout = 0; set lock_timeout = 0; set idle_in_transaction_session_timeout = 0')
}

async function setRole(db: Kysely<unknown>): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(${sql.lit(SETTINGS_LOCK)})`.execute(transaction)
    const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(transaction)
    for (const [name, value] of Object.entries(ROLE_SETTINGS)) {
      await sql`alter role current_user in database ${sql.id(rows[0]!.name)} set ${sql.raw(name)} = ${sql.lit(value)}`.execute(
        transaction,
      )
    }
  })
}
