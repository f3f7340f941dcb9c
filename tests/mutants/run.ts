/**
 * Breaks the runtime on purpose, one mutant at a time, and runs the test that must fail. One that passes all the same says that a
 * remedy is no longer tested. Takes some minutes.
 *
 *   npm run mutants             all of them, on a Redis of their own
 *   npm run mutants -- leave    those with a word in their name
 *
 * With TEST_REDIS_URL set, as in `npm test`, that Redis is used.
 */
import { join } from 'node:path'
import { startRedis } from '../../ops/embedded/redis.ts'
import { MUTANTS, type Mutant } from '../../runtime/testing/mutants.ts'
import { runCheck } from '../support/check.ts'
import { freshFolder } from '../support/folder.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const MUTATE = join(ROOT, 'runtime/testing/mutate.ts')
/** A test that hangs has noticed, too. */
const LIMIT_MS = 60_000

/** What the test said when it failed; null: it did not. */
async function noticed({ name, caughtBy }: Mutant, redisUrl: string): Promise<string | null> {
  const { failed, output } = await runCheck({
    name,
    args: ['--import', MUTATE, join(ROOT, caughtBy)],
    env: { ...process.env, TEST_REDIS_URL: redisUrl, MUTANT: name },
    limitMs: LIMIT_MS,
    uvu: true,
  })
  if (output.includes('finds nothing to break')) throw new Error(`the mutant "${name}" finds nothing to break any more`)
  return failed === 0 ? null : (/FAIL.*?"(.*)"/.exec(output)?.[1] ?? 'it did not end well')
}

const folder = freshFolder()
const given = process.env.TEST_REDIS_URL
const redis = given ? null : await startRedis({ dir: folder.path, databases: 64, say: (line) => console.log(line) })
const words = process.argv.slice(2)
const chosen = MUTANTS.filter(({ name }) => words.every((word) => name.includes(word)))
let survivors = 0
for (const mutant of chosen) {
  const failed = await noticed(mutant, given ?? (redis?.url as string))
  if (failed === null) survivors++
  console.log(
    `${failed === null ? 'SURVIVES' : 'caught'} ${mutant.window}: ${mutant.name} <- ${failed ?? mutant.caughtBy}`,
  )
}
console.log(`${chosen.length - survivors} of ${chosen.length} mutants caught`)
await redis?.stop()
folder.drop()
process.exit(survivors === 0 && chosen.length > 0 ? 0 : 1)
