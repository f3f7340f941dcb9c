/** What a page of the dashboard has to fetch before it shows anything: counted in the built files, along their imports. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { bundleIfOld } from '../web/bundle.ts'
import { dashboardBundle } from './build.ts'

const test = suite('dashboard size')
const KB = 1_000
const assets = join(dashboardBundle.output, 'assets')

test.before(() => bundleIfOld(dashboardBundle, console.log))

const textOf = (file: string) => readFileSync(join(assets, file), 'utf8')
const gzipped = (files: Iterable<string>) =>
  [...files].reduce((sum, file) => sum + gzipSync(textOf(file), { level: 9 }).length, 0)

/** The scripts that index.html names, and all that they import at once. */
function initial(): Set<string> {
  const html = readFileSync(join(dashboardBundle.output, 'index.html'), 'utf8')
  const named = [...html.matchAll(/\/assets\/([\w-]+\.js)/g)].map(([, file]) => file ?? '')
  return closure(named)
}

function closure(files: readonly string[], found = new Set<string>()): Set<string> {
  for (const file of files) {
    if (found.has(file)) continue
    found.add(file)
    const imports = [...textOf(file).matchAll(/(?:from|import)\s*["'`]\.\/([\w-]+\.js)["'`]/g)]
    closure(
      imports.map(([, name]) => name ?? ''),
      found,
    )
  }
  return found
}

test('the first page is at most 70 KB of script and 12 KB of style, gzipped', () => {
  const first = initial()
  assert.ok(first.size > 0)
  assert.ok(gzipped(first) <= 70 * KB, `${gzipped(first)} bytes of script`)
  const styles = readdirSync(assets).filter((file) => file.endsWith('.css'))
  assert.ok(gzipped(styles) <= 12 * KB, `${gzipped(styles)} bytes of style`)
})

test('whichever page comes first, it is at most 70 KB with everything that it imports', () => {
  const pages = readdirSync(assets).filter((file) => file.endsWith('.js'))
  assert.ok(pages.length > 10, 'each page is a file of its own')
  for (const page of pages) {
    const bytes = gzipped(closure([page], initial()))
    assert.ok(bytes <= 70 * KB, `${page}: ${bytes} bytes of script`)
  }
})

test('no address of a third host is built in', () => {
  // Names without a dot are the router's own schemes; examples are nobody's.
  const known = /^https?:\/\/(www\.w3\.org|127\.0\.0\.1|([a-z]+\.)*example\.com)$/
  for (const file of readdirSync(assets).filter((name) => /\.(js|css)$/.test(name))) {
    const addresses = textOf(file).match(/https?:\/\/[a-z0-9-]+(\.[a-z0-9-]+)+/g) ?? []
    assert.equal(
      addresses.filter((address) => !known.test(address)),
      [],
      file,
    )
  }
})

test.run()
