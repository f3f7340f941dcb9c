import { createServer, type LookupFunction, type Server, type Socket } from 'node:net'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { AddressRanges } from './address-ranges.ts'
import { BlockedAddress, guardedConnector, isPublic } from './guard.ts'

const test = suite('guard')

test('addresses of the public internet are public', () => {
  const addresses = [
    '8.8.8.8',
    '1.1.1.1',
    '93.184.216.34',
    '172.15.255.255',
    '172.32.0.1',
    '100.63.255.255',
    '223.255.255.255',
  ]
  for (const address of [...addresses, '2606:4700:4700::1111', '2a00:1450:4001:80f::200e', '2400:cb00::1']) {
    assert.ok(isPublic(address), address)
  }
})

test('everything else is not: private, local, reserved, wrapped, and what is no address', () => {
  const v4 = [
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.1.2.3',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
  ]
  const reserved = ['192.0.0.8', '192.0.2.1', '192.88.99.1', '192.168.1.1', '198.18.0.1', '198.51.100.1', '203.0.113.1']
  const cast = ['224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255']
  const local = ['::', '::1', 'fe80::1', 'fe80::1%lo', 'fc00::1', 'fd12:3456::1', 'fec0::1', 'ff02::1']
  const wrapped = [
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::1',
    '2002:7f00:1::',
    '2001::1',
  ]
  const other = [
    '100::1',
    '2001:db8::1',
    '3fff::1',
    '5f00::1',
    '4000::1',
    '',
    'localhost',
    '127.1',
    '0x7f000001',
    '1.2.3.4.5',
  ]
  for (const address of [...v4, ...reserved, ...cast, ...local, ...wrapped, ...other])
    assert.not(isPublic(address), address)
})

let server: Server
let port: string
let accepted = 0

test.before(async () => {
  server = createServer((socket) => {
    accepted++
    socket.destroy()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = String((server.address() as { port: number }).port)
})
test.before.each(() => {
  accepted = 0
})
test.after(() => {
  server.close()
})

/** Resolves every name to these addresses, in the order and form that Node's own look-up has. */
function resolving(...addresses: string[]): LookupFunction {
  return (_hostname, _options, callback) => {
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  }
}

function connect(hostname: string, open: string[], lookup?: LookupFunction): Promise<Socket> {
  const connector = guardedConnector({ open: new AddressRanges(open), timeoutMs: 2_000, ...(lookup && { lookup }) })
  return new Promise((resolve, reject) => {
    connector({ hostname, protocol: 'http:', port }, (error, socket) => (error ? reject(error) : resolve(socket)))
  })
}

async function blocked(attempt: Promise<Socket>): Promise<string> {
  try {
    ;(await attempt).destroy()
  } catch (error) {
    if (error instanceof BlockedAddress) return error.message
    throw error
  }
  return 'connected'
}

test('a literal private address is refused before anything is dialled', async () => {
  assert.is(await blocked(connect('127.0.0.1', [])), 'address 127.0.0.1 is not public')
  assert.is(await blocked(connect('::1', [])), 'address ::1 is not public')
  assert.is(accepted, 0)
})

test('a name that resolves to a private address is refused', async () => {
  assert.is(await blocked(connect('hook.example', [], resolving('10.0.0.1'))), 'address 10.0.0.1 is not public')
  assert.is(await blocked(connect('localhost', [])), `address ${await localhost()} is not public`)
  assert.is(accepted, 0)
})

test('of several addresses only the permitted ones are dialled', async () => {
  const socket = await connect('hook.example', ['127.0.0.1/32'], resolving('127.0.0.2', '::1', '127.0.0.1', '10.0.0.1'))
  assert.is(socket.remoteAddress, '127.0.0.1')
  socket.destroy()
})

test('an open range lets in what lies in it and nothing beside it', async () => {
  const socket = await connect('127.0.0.1', ['127.0.0.0/30'])
  socket.destroy()
  assert.is(await blocked(connect('127.0.0.5', ['127.0.0.0/30'])), 'address 127.0.0.5 is not public')
})

test('the far end is compared once more: a look-up that lies about its answer does not get through', async () => {
  // An answer that is judged as one address and dialled as another, as a bug between both would do.
  let reads = 0
  const lying: LookupFunction = (_hostname, _options, callback) => {
    const entry = {
      family: 4,
      get address() {
        return reads++ === 0 ? '127.0.0.1' : '127.0.0.2'
      },
    }
    callback(null, [entry])
  }
  const bound = createServer((socket) => socket.destroy())
  await new Promise<void>((resolve) => bound.listen(Number(port), '127.0.0.2', resolve))
  try {
    assert.is(await blocked(connect('hook.example', ['127.0.0.1/32'], lying)), 'address 127.0.0.2 is not public')
  } finally {
    bound.close()
  }
})

async function localhost(): Promise<string> {
  const { lookup } = await import('node:dns/promises')
  return (await lookup('localhost', { all: true }))[0]?.address ?? ''
}

test.run()
