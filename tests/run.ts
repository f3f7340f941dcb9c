/**
 * `npm test`: types, format and lint, then every test file against real servers, and one last line with the sum.
 *
 * It brings its own PostgreSQL and Redis, on free ports and in a folder of its own, so it neither needs nor touches
 * what else runs on the machine. Whatever way it ends, servers, processes and folder go with it; if it is killed, the
 * next run finds them by the folder's name, which carries the number of the process that made it.
 *
 *   npm test                  everything
 *   npm test -- ops/embedded  the test files whose path contains one of the words
 */
import { globSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildBundles } from '../ops/bundles.ts'
import { endLeftovers } from '../ops/embedded/leftovers.ts'
import { startPostgres } from '../ops/embedded/postgres.ts'
import { isAlive } from '../ops/embedded/process.ts'
import { startRedis } from '../ops/embedded/redis.ts'
import { SETTINGS } from '../ops/settings.ts'
import { onStopSignals } from '../ops/signals.ts'
import { explain } from '../ops/stop-reason.ts'
import { type Check, endChecks, type Outcome, runCheck } from './support/check.ts'

const ROOT = join(import.meta.dirname, '..')
const FOLDER = 'gateway-test-'
/** What is measured has the machine to itself. */
const AUDIT = process.env.AUDIT === 'true'
/** Two, as the smallest machine that this is meant for has two cores. */
const AT_ONCE = AUDIT ? 1 : 2
const FILE_LIMIT_MS = AUDIT ? 900_000 : 300_000
const TOOL_LIMIT_MS = 240_000

let stopping = false

async function main(words: string[]): Promise<boolean> {
  await clearEarlierRuns()
  const folder = mkdtempSync(join(tmpdir(), `${FOLDER}${process.pid}-`))
  endOnSignals(folder)
  try {
    // Once, before anybody serves it: a test that builds takes the pages from under another one's server.
    await buildBundles(console.log)
    const checks = [...(words.length === 0 ? toolChecks() : []), ...(await fileChecks(folder, words))]
    return report(await runAll(checks), words.length > 0)
  } finally {
    await clear(folder)
  }
}

function toolChecks(): Check[] {
  const tool = (name: string, ...args: string[]): Check => {
    return { name, args, env: process.env, limitMs: TOOL_LIMIT_MS, uvu: false }
  }
  const modules = join(ROOT, 'node_modules')
  // What runs in a browser has other types around it, so it has a project of its own.
  const projects = globSync('{,*/,*/*/}tsconfig.json', { cwd: ROOT, exclude: ['node_modules'] })
  return [
    ...projects.map((project) =>
      tool(`types (${project})`, join(modules, 'typescript/bin/tsc'), '-p', join(ROOT, project)),
    ),
    tool('format and lint (biome)', join(modules, '@biomejs/biome/bin/biome'), 'check', ROOT),
  ]
}

/** What starts processes takes longest and goes first, so that no long file is left to run alone at the end. */
const LONG = /^(tests|ops)\//

/** What `npm run audit` looks at. */
const AUDITS = /^tests\/audit\//

async function fileChecks(folder: string, words: string[]): Promise<Check[]> {
  const files = globSync('**/*.test.ts', { cwd: ROOT, exclude: ['**/node_modules/**', '**/dist/**', '.data/**'] })
    .filter((file) => (words.length === 0 ? !AUDITS.test(file) : words.some((word) => file.includes(word))))
    .sort((a, b) => Number(LONG.test(b)) - Number(LONG.test(a)) || a.localeCompare(b))
  const env = await testEnvironment(folder)
  return files.map((file) => ({ name: file, args: [join(ROOT, file)], env, limitMs: FILE_LIMIT_MS, uvu: true }))
}

/** Tests see the servers, and none of the settings that happen to stand in this shell. */
async function testEnvironment(folder: string): Promise<NodeJS.ProcessEnv> {
  const scratch = join(folder, 'scratch')
  mkdirSync(scratch)
  const [postgres, redis] = await Promise.all([
    // Nothing here needs to outlive a power cut.
    startPostgres({ dir: folder, settings: { fsync: 'off', full_page_writes: 'off' } }),
    startRedis({ dir: folder, databases: 64, say: console.log }),
  ])
  const env: NodeJS.ProcessEnv = { ...process.env }
  for (const name of SETTINGS) delete env[name]
  return { ...env, TMPDIR: scratch, TEST_POSTGRES_URL: postgres.url, TEST_REDIS_URL: redis.url }
}

async function runAll(checks: Check[]): Promise<Outcome[]> {
  const waiting = [...checks]
  const outcomes: Outcome[] = []
  const lane = async () => {
    for (let check = waiting.shift(); check && !stopping; check = waiting.shift()) {
      const outcome = await runCheck(check)
      outcomes.push(outcome)
      const counts =
        outcome.failed > 0 ? `${outcome.failed} FAILED, ${outcome.passed} passed` : `${outcome.passed} passed`
      console.log(`${outcome.name}: ${counts} (${(outcome.tookMs / 1000).toFixed(1)} s)`)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
  return outcomes
}

/** Failures in full, and what was asked for by name, figures and all; then the sum as the very last line. Answers whether all is well. */
function report(outcomes: Outcome[], named: boolean): boolean {
  const shown = outcomes.filter(({ failed }) => failed > 0 || named)
  for (const { name, output } of shown) console.log(`\n--- ${name}\n${output.trim()}`)
  const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0)
  const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0)
  if (outcomes.length === 0) console.log('no test file has a path like that')
  console.log(`${passed} passed, ${failed} failed`)
  return failed === 0 && passed > 0
}

function endOnSignals(folder: string): void {
  const stop = (signal: NodeJS.Signals) => {
    stopping = true
    console.log(`${signal}: stopping`)
    clear(folder).then(() => process.exit(1), fail)
  }
  // Who will not wait is told no: a few seconds later nothing is left, and that is worth them.
  onStopSignals(stop, () => console.log('stopping: a moment ...'))
}

async function clear(folder: string): Promise<void> {
  endChecks()
  await endLeftovers(folder)
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}

async function clearEarlierRuns(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(FOLDER))) {
    const pid = Number(name.slice(FOLDER.length).split('-')[0])
    if (pid && !isAlive(pid)) await clear(join(tmpdir(), name))
  }
}

function fail(error: unknown): never {
  explain(error)
  process.exit(1)
}

main(process.argv.slice(2)).then((green) => process.exit(stopping || !green ? 1 : 0), fail)
