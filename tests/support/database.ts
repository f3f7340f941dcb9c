/**
 * A database of one's own for a test. Copied from a template that is migrated once a server, since a copy costs a
 * tenth of a migration; the template's name follows the migrations' text, so a changed migration makes a new one.
 */
import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { migrate } from '../../schema/migrate.ts'
import { postgresUrl } from './servers.ts'

export interface FreshDatabase {
  url: string
  /** Drops it, connections or not. */
  drop(): Promise<void>
}

/** Any number: whoever makes a template holds it, and the others wait. */
const TEMPLATE_LOCK = 7_220_431

/** A new migrated database, empty but for what the migrations bring. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`
  await administer(async (client) => {
    await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK])
    const template = await migratedTemplate(client)
    await client.query(`create database ${name} template ${template}`)
  })
  const url = urlOf(name)
  await migrate(url) // nothing to migrate; what stands on the role in this database is not copied with it
  return { url, drop: () => administer((client) => drop(client, name)) }
}

async function migratedTemplate(client: pg.Client): Promise<string> {
  const name = `template_${migrationsHash()}`
  const { rowCount } = await client.query('select from pg_database where datname = $1', [name])
  if (rowCount) return name
  const draft = `${name}_draft`
  await drop(client, draft)
  await client.query(`create database ${draft}`)
  await migrate(urlOf(draft))
  await client.query(`alter database ${draft} rename to ${name}`)
  return name
}

function migrationsHash(): string {
  const folder = join(import.meta.dirname, '..', '..', 'schema', 'migrations')
  const hash = createHash('sha256')
  for (const file of readdirSync(folder).sort()) hash.update(readFileSync(join(folder, file)))
  return hash.digest('hex').slice(0, 16)
}

async function drop(client: pg.Client, name: string): Promise<void> {
  await client.query(`drop database if exists ${name} with (force)`)
}

async function administer(work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: postgresUrl() })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}

function urlOf(name: string): string {
  const url = new URL(postgresUrl())
  url.pathname = `/${name}`
  return url.href
}
