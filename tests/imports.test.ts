/** The rules that hold the walls of the house, asserted from the imports themselves. Needs no server. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { brokenRules, importsOf } from './support/imports.ts'

const imports = suite('imports')
const ROOT = join(import.meta.dirname, '..')

imports('every file keeps to what its room may import', () => {
  const files = globSync('*/**/*.{ts,tsx}', { cwd: ROOT, exclude: ['**/node_modules/**', '**/dist/**'] })
  assert.ok(files.length > 50, 'the files were not found')
  const broken = files.flatMap((file) => {
    return brokenRules(file.replaceAll('\\', '/'), readFileSync(join(ROOT, file), 'utf8'))
  })
  assert.equal(broken, [])
})

imports('every form of an import is seen', () => {
  const text = `
    import pg from 'pg'
    import { type A,
      b } from "./b.ts"
    import type { C } from '../c.ts'
    import './effect.ts'
    export { d } from './d.ts'
    export * from './e.ts'
    const f = await import('./f.ts')
    const g = await import(\`@scope/\${g}\`)`
  const sources = ['pg', './b.ts', '../c.ts', './effect.ts', './d.ts', './e.ts', './f.ts', '@scope/']
  assert.equal(importsOf(text), sources)
})

imports('what only looks like an import is left alone', () => {
  assert.equal(
    importsOf("// import pg from 'pg'\n * import x from 'y'\nconst a = \"import 'pg'\"\nexport const b = 'pg'"),
    [],
  )
})

const breaches: [path: string, text: string][] = [
  ['runtime/worker.ts', "import { Kysely } from 'kysely'"],
  ['runtime/worker.ts', "import type { Payment } from '../actors/payment/state.ts'"],
  ['schema/seed.ts', "import { wallMs } from '../runtime/clock.ts'"],
  ['schema/seed.ts', "import { Redis } from 'ioredis'"],
  ['actors/payment/store.ts', "import pg from 'pg'"],
  ['actors/payment/store.ts', "import { reply } from '../../api/answer.ts'"],
  ['api/payments.ts', "import { paymentStore } from '../actors/payment/store.ts'"],
  ['api/payments.ts', "import { openRedis } from '../runtime/redis.ts'"],
  ['api/payments.ts', "import { request } from 'undici'"],
  ['sdk/server/main.ts', "import { readConfig } from '../../ops/config.ts'"],
  ['dashboard/data/api.ts', "import type { Payment } from '../../actors/index.ts'"],
  ['dashboard/server/main.ts', "import { Redis } from 'ioredis'"],
  ['ops/main.ts', "import pg from 'pg'"],
]
for (const [path, text] of breaches) {
  imports(`a breach is found: ${path}, ${text}`, () => assert.is(brokenRules(path, text).length, 1))
}

imports.run()
