import type { LookupFunction } from 'node:net'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { parseAddressRanges } from './address-ranges.ts'
import { warningAbout } from './warning.ts'

const test = suite('a warning about a URL')

const open = parseAddressRanges('127.0.0.0/8')
const resolving =
  (...addresses: string[]): LookupFunction =>
  (_hostname, _options, callback) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )

test('there is none for what can be dialled: public, open, or one of several', async () => {
  for (const [url, ...addresses] of [
    ['https://8.8.8.8/hook'],
    ['http://127.0.0.1:3000/'],
    ['https://[2606:4700::1]/'],
    ['https://shop.example/', '93.184.216.34'],
    ['https://shop.example/', '10.0.0.1', '93.184.216.34'],
  ] as [string, ...string[]][]) {
    assert.is(await warningAbout(url, { open, lookup: resolving(...addresses) }), null, url)
  }
})

test('it names the address that is not public, in whatever notation it came', async () => {
  const table: [string, string, string?][] = [
    ['http://10.0.0.1/', '10.0.0.1'],
    ['http://169.254.169.254/latest', '169.254.169.254'],
    ['http://0xa000001/', '10.0.0.1'],
    ['http://[::1]/', '::1'],
    ['http://db.internal/', '192.168.1.5', '192.168.1.5'],
  ]
  for (const [url, address, resolved = ''] of table) {
    const warning = await warningAbout(url, { open, lookup: resolving(resolved) })
    assert.match(warning as string, `${address}, which is not a public address`)
  }
})

test('a name that does not resolve is said to', async () => {
  const failing: LookupFunction = (_hostname, _options, callback) =>
    callback(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }), [])
  assert.match((await warningAbout('http://typo.example/', { open, lookup: failing })) as string, 'host name not found')
})

test.run()
