import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { MUTANTS } from '../../runtime/testing/mutants.ts'

const test = suite('mutants')

/** One of them each time; `npm run mutants` runs all. */
test('a remedy that is taken out is missed by its test', async () => {
  const [mutant] = MUTANTS
  assert.ok(mutant)
  const child = spawn(process.execPath, [join(import.meta.dirname, 'run.ts'), mutant.name], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  const [code] = await once(child, 'close')
  assert.is(code, 0, output)
  assert.match(output, /^caught /m)
})

test.run()
