/**
 * The one way to Postgres. The hot statements go through `run`, as named prepared statements: parsed and planned once a
 * connection, and always alone, so that no row lock is ever held across a round trip. Everything else reads better in Kysely.
 */
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Tables } from './tables.ts'

/** `name` is the statement's name on the server: one name, one text. */
export interface Statement {
  name: string
  text: string
}

export interface DatabaseOptions {
  /** `postgres://...`; a `jdbc:` before it is dropped. What it leaves out, PGUSER and PGPASSWORD complete. */
  url: string
  /** Connections at most. */
  max: number
  /** Shown in pg_stat_activity. */
  applicationName: string
}

export interface Database {
  kysely: Kysely<Tables>
  /** Runs a prepared statement on any connection, as a transaction of its own. */
  run<Row extends object>(statement: Statement, values: unknown[]): Promise<Row[]>
  close(): Promise<void>
}

const CONNECT_TIMEOUT_MS = 5_000
/** Above the server's own statement_timeout (10 s), so that it only ends calls whose server has gone silent. */
const ANSWER_TIMEOUT_MS = 15_000

export function openDatabase({ url, max, applicationName }: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: postgresUrl(url),
    max,
    application_name: applicationName,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: ANSWER_TIMEOUT_MS,
    keepAlive: true,
    types: { getTypeParser },
  })
  surviveDrops(pool)
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  return {
    kysely,
    run: async <Row extends object>({ name, text }: Statement, values: unknown[]) =>
      (await pool.query<Row & pg.QueryResultRow>({ name, text, values })).rows,
    close: () => kysely.destroy(),
  }
}

/**
 * A connection that dies is told as an event too, and without a listener an event named error ends the process. Idle, it has left
 * the pool already and nobody was using it; in somebody's hands, the call under way hears of it, or the next one does.
 */
export function surviveDrops(pool: pg.Pool): void {
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
}

/** Accepts what Java programs call a connection string: `jdbc:postgresql://host:5432/name`. */
export function postgresUrl(url: string): string {
  return url.replace(/^jdbc:/, '')
}

const INT8 = 20

function getTypeParser(oid: number, format?: 'text' | 'binary') {
  if (oid === INT8 && format !== 'binary') return safeInteger
  return format === 'binary' ? pg.types.getTypeParser(oid, 'binary') : pg.types.getTypeParser(oid, 'text')
}

/** Amounts are bigint in the tables. One that a number can't hold exactly must not pass for one that it can. */
function safeInteger(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is beyond what a number holds exactly`)
  return value
}

/** SQLSTATE classes and codes that say nothing about the statement (no way in, no room, no time, a standby): try it later, as it is. */
const AWAY_STATE = /^(08|28|3D|53|57P|57014|58|25006)/
const AWAY_MESSAGE = /^(Connection terminated|Query read timeout|timeout e|Client (has|was)|Cannot use a pool after)/

/**
 * True when the server could not be reached, is shutting down, has run out of something or of time, or dropped the connection: then a
 * write may or may not have happened. False when the server looked at the statement and refused it: then nothing was written.
 */
export function isStoreAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (error instanceof pg.DatabaseError) return AWAY_STATE.test(error.code ?? '')
  // What remains comes from the driver or the socket: system errors carry a name such as ECONNRESET, the driver's own only a text.
  const { code } = error as NodeJS.ErrnoException
  return typeof code === 'string' ? /^E(?!RR_)[A-Z_]+$/.test(code) : AWAY_MESSAGE.test(error.message)
}

/** The SQLSTATE of an error that the server answered, for example `23505`. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined
}
