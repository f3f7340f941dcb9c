/** What a shopper's telephone has to fetch before it can pay. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { buildCheckout, checkoutBundle } from './build.ts'

const test = suite('checkout size')
const KB = 1_000

test.before(() => buildCheckout(console.log))

function gzipped(...parts: string[]): number {
  return gzipSync(readFileSync(join(checkoutBundle.output, ...parts)), { level: 9 }).length
}

function frame(extension: string): number {
  const files = readdirSync(join(checkoutBundle.output, 'assets'))
  const own = files.filter((file) => file.startsWith('frame-') && file.endsWith(extension))
  return own.reduce((sum, file) => sum + gzipped('assets', file), 0)
}

test('checkout.js is at most 3 KB gzipped', () => {
  assert.ok(gzipped('checkout.js') <= 3 * KB, `${gzipped('checkout.js')} bytes`)
})

test('the frame is at most 25 KB of script and 5 KB of style, gzipped', () => {
  assert.ok(frame('.js') <= 25 * KB, `${frame('.js')} bytes of script`)
  assert.ok(frame('.css') <= 5 * KB, `${frame('.css')} bytes of style`)
})

test('no address of a third host is built in', () => {
  for (const file of [join('assets', frameScript()), 'checkout.js']) {
    const text = readFileSync(join(checkoutBundle.output, file), 'utf8')
    const addresses = text.match(/https?:\/\/[^\s"'`]+/g) ?? []
    // Names of XML vocabularies look like addresses, and nobody fetches them.
    assert.equal(
      addresses.filter((address) => !address.startsWith('http://www.w3.org/')),
      [],
    )
  }
})

function frameScript(): string {
  return readdirSync(join(checkoutBundle.output, 'assets')).find((file) => /^frame-.*\.js$/.test(file)) as string
}

test('the style sheet has no layers, so that old browsers are dressed too', () => {
  const style = readdirSync(join(checkoutBundle.output, 'assets')).find((file) =>
    /^frame-.*\.css$/.test(file),
  ) as string
  const css = readFileSync(join(checkoutBundle.output, 'assets', style), 'utf8')
  assert.not.match(css, /@layer/)
  assert.ok(
    css.indexOf('--paper:#f6f4f0') < css.indexOf('light-dark('),
    'plain colours stand before those that know the dark',
  )
})

test.run()
