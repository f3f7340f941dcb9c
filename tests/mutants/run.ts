/**
 * Breaks the gateway on purpose, one mutant at a time, and runs the test that must fail. One that passes all the same says that a
 * remedy is no longer tested. Takes some minutes, and ends with a table: window of failure, what was taken out, the test that missed it.
 *
 *   npm run mutants             all of them, on a Redis and a Postgres of their own
 *   npm run mutants -- leave    those with a word in their name
 *
 * With TEST_REDIS_URL and TEST_POSTGRES_URL set, as in `npm test`, those are used.
 */
import { join } from 'node:path'
import { startPostgres } from '../../ops/embedded/postgres.ts'
import { startRedis } from '../../ops/embedded/redis.ts'
import { MUTANTS, type Mutant } from '../../runtime/testing/mutants.ts'
import { type Outcome, runCheck } from '../support/check.ts'
import { freshFolder } from '../support/folder.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const MUTATE = join(ROOT, 'runtime/testing/mutate.ts')
/** A test that hangs has noticed, too. */
const LIMIT_MS = 60_000
const AT_ONCE = 2

interface Servers {
  redis: string
  postgres: string
}

/** Runs a test file with a mutant in force, or as it is. */
async function run(file: string, mutant: Mutant | null, { redis, postgres }: Servers): Promise<Outcome> {
  const env = { ...process.env, TEST_REDIS_URL: redis, TEST_POSTGRES_URL: postgres, MUTANT: mutant?.name }
  return await runCheck({ name: file, args: ['--import', MUTATE, join(ROOT, file)], env, limitMs: LIMIT_MS, uvu: true })
}

/** A test that can't run here would catch whatever it is given. Throws when one does not pass while nothing is broken. */
async function checkSound(files: Set<string>, servers: Servers): Promise<void> {
  await sideBySide([...files], async (file) => {
    const { failed, output } = await run(file, null, servers)
    if (failed > 0) throw new Error(`${file} fails with nothing broken:\n${output}`)
  })
}

/** As `npm test` runs its files: each has data of its own, and waits more than it works. */
async function sideBySide<Item>(items: Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const waiting = [...items]
  const lane = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
}

/** What the test said when it failed; null: it did not. Throws when the mutant is no program at all: that is not noticed, but refused. */
async function noticed(mutant: Mutant, servers: Servers): Promise<string | null> {
  const { failed, output } = await run(mutant.caughtBy, mutant, servers)
  const [trouble] = /finds nothing to break|SyntaxError|Error compiling script/.exec(output) ?? []
  if (trouble) throw new Error(`the mutant "${mutant.name}": ${trouble}`)
  return failed === 0 ? null : (/FAIL.*?"(.*)"/.exec(output)?.[1] ?? 'it did not end well')
}

/** The servers of `npm test`, or two that end with us. */
async function openServers(): Promise<Servers & { close(): Promise<void> }> {
  const { TEST_REDIS_URL, TEST_POSTGRES_URL } = process.env
  if (TEST_REDIS_URL && TEST_POSTGRES_URL) {
    return { redis: TEST_REDIS_URL, postgres: TEST_POSTGRES_URL, close: async () => {} }
  }
  const folder = freshFolder()
  const [redis, postgres] = await Promise.all([
    startRedis({ dir: folder.path, databases: 64, say: (line) => console.log(line) }),
    startPostgres({ dir: folder.path }),
  ])
  const close = async () => {
    await Promise.all([redis.stop(), postgres.stop()])
    folder.drop()
  }
  return { redis: redis.url, postgres: postgres.url, close }
}

/** By window, so that one without a mutant would be missed. */
function table(rows: { mutant: Mutant; failed: string | null }[]): string {
  const windows = Map.groupBy(rows, ({ mutant }) => mutant.window)
  const line = ({ mutant, failed }: (typeof rows)[number]) =>
    `  ${failed === null ? 'SURVIVES' : 'caught  '} ${mutant.name}\n             ${mutant.caughtBy}: ${failed ?? 'passed all the same'}`
  return [...windows].map(([window, all]) => [window, ...all.map(line)].join('\n')).join('\n\n')
}

const servers = await openServers()
const words = process.argv.slice(2)
const chosen = MUTANTS.filter(({ name }) => words.every((word) => name.includes(word)))
const rows: { mutant: Mutant; failed: string | null }[] = []
try {
  await checkSound(new Set(chosen.map(({ caughtBy }) => caughtBy)), servers)
  await sideBySide(chosen, async (mutant) => {
    const failed = await noticed(mutant, servers)
    rows.push({ mutant, failed })
    console.log(`${failed === null ? 'SURVIVES' : 'caught'} ${mutant.name} (${rows.length} of ${chosen.length})`)
  })
} finally {
  await servers.close()
}
const caught = rows.filter(({ failed }) => failed !== null).length
console.log(`\n${table(rows)}\n\n${caught} of ${chosen.length} mutants caught`)
process.exit(caught === chosen.length && chosen.length > 0 ? 0 : 1)
