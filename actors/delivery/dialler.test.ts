import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { createServer as createTcpServer, type LookupFunction } from 'node:net'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { parseAddressRanges } from './address-ranges.ts'
import { type Answer, type Call, type Dialler, type Failure, openDialler } from './dialler.ts'

const test = suite('dialler')

const loopback = parseAddressRanges('127.0.0.1/32,::1/128')
const never = new AbortController().signal
const closing: (() => unknown)[] = []

test.after.each(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** A receiver on a free port of 127.0.0.1. */
async function receiver(
  listener: RequestListener,
  host = '127.0.0.1',
  port = 0,
): Promise<{ url: string; port: number }> {
  const server: Server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(port, host, resolve))
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const bound = (server.address() as { port: number }).port
  return { url: `http://${host}:${bound}`, port: bound }
}

function dialler(open = loopback, lookup?: LookupFunction): Dialler {
  const made = openDialler({ open, ...(lookup && { lookup }) })
  closing.push(() => made.close())
  return made
}

const call = (url: string, more: Partial<Call> = {}): Call => ({ url, body: '{}', headers: {}, signal: never, ...more })

function answered(result: Answer | Failure): Answer {
  if ('error' in result) throw new Error(`no answer: ${result.error}`)
  return result
}

function failed(result: Answer | Failure): string {
  return 'error' in result ? result.error : `answered ${result.status}`
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += chunk
  return text
}

test('posts the exact body and headers, and tells what came back, from whom, and how long it took', async () => {
  let seen: unknown
  const { url } = await receiver(async (request, response) => {
    seen = [request.method, request.url, request.headers['webhook-id'], await textOf(request)]
    response.writeHead(201, { 'x-two': ['a', 'b'] }).end('thanks')
  })
  const body = '{"name":"Zoë 🐘"}'
  const result = answered(await dialler().dial(call(`${url}/hook?a=1`, { body, headers: { 'webhook-id': 'evt_1' } })))
  assert.equal(seen, ['POST', '/hook?a=1', 'evt_1', body])
  assert.equal([result.status, result.body, result.truncated, result.address], [201, 'thanks', false, '127.0.0.1'])
  assert.is(result.headers['x-two'], 'a, b')
  assert.ok(result.durationMs >= 0 && result.durationMs < 5_000)
  assert.equal(Object.keys(result.timings), ['connect', 'wait', 'receive'])
})

test('a connection is used again, and a call on it has no time spent on connecting', async () => {
  const ports = new Set<number | undefined>()
  const { port } = await receiver((request, response) => {
    ports.add(request.socket.remotePort)
    response.end('ok')
  })
  const { dial } = dialler()
  const first = answered(await dial(call(`http://localhost:${port}/`)))
  assert.equal(Object.keys(first.timings), ['dns', 'connect', 'wait', 'receive'])
  // undici counts a connection as free again a tick after its answer has ended.
  await new Promise(setImmediate)
  const second = answered(await dial(call(`http://localhost:${port}/`)))
  assert.equal(Object.keys(second.timings), ['wait', 'receive'])
  assert.is(second.address, first.address)
  assert.is(ports.size, 1)
})

test('no notation of a private IPv4 or IPv6 address gets through', async () => {
  let seen = 0
  const { port } = await receiver((_request, response) => {
    seen++
    response.end()
  })
  const { dial } = dialler(parseAddressRanges(''))
  const hosts = [
    '127.0.0.1',
    '2130706433',
    '017700000001',
    '0x7f000001',
    '127.1',
    '127.0.1',
    '0177.0.0.1',
    '0x7f.0.0.1',
    '127.0.0.1.',
  ]
  const wide = ['１２７.０.０.１', '127。0。0。1', '0', '0.0.0.0', 'localhost', '%31%32%37.0.0.1']
  const six = ['[::1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[0:0:0:0:0:ffff:127.0.0.1]', '[::127.0.0.1]']
  const more = [
    '[64:ff9b::127.0.0.1]',
    '[2002:7f00:1::]',
    '[fd00::1]',
    '[fe80::1]',
    '169.254.169.254',
    '10.0.0.1',
    '192.168.0.1',
  ]
  for (const host of [...hosts, ...wide, ...six, ...more]) {
    const error = failed(await dial(call(`http://${host}:${port}/`)))
    assert.match(error, /^address [0-9a-f.:]+ is not public$/, `${host}: ${error}`)
  }
  assert.is(seen, 0)
})

test('a name is judged at every connection anew: rebinding between two look-ups leads nowhere', async () => {
  const answers = ['127.0.0.1', '127.0.0.2']
  let looked = 0
  const rebinding: LookupFunction = (_hostname, _options, callback) => {
    callback(null, [{ address: answers[looked++] as string, family: 4 }])
  }
  const { port } = await receiver((_request, response) => response.setHeader('connection', 'close').end('ok'))
  let reached = 0
  await receiver((_request, response) => response.end(String(reached++)), '127.0.0.2', port)
  const { dial } = dialler(loopback, rebinding)
  assert.is(answered(await dial(call(`http://hook.example:${port}/`))).body, 'ok')
  assert.is(looked, 1)
  assert.is(failed(await dial(call(`http://hook.example:${port}/`))), 'address 127.0.0.2 is not public')
  assert.equal([looked, reached], [2, 0])
})

test('a redirect is an answer, and nobody follows it', async () => {
  let reached = 0
  const hidden = await receiver((_request, response) => response.end(String(reached++)))
  const { url } = await receiver((_request, response) => response.writeHead(302, { location: hidden.url }).end())
  const result = answered(await dialler().dial(call(url)))
  assert.equal([result.status, result.headers.location, reached], [302, hidden.url, 0])
})

test('a receiver that does not answer in time has failed, at the deadline', async () => {
  const { url } = await receiver(() => undefined)
  const result = await dialler().dial(call(url, { timeoutMs: 150 }))
  assert.is(failed(result), 'timed out after 150 ms')
  assert.ok(result.durationMs >= 150 && result.durationMs < 1_000)
  assert.is(result.address, '127.0.0.1')
})

test('a call that is still connecting ends at its deadline too', async () => {
  const { port } = await receiver((_request, response) => response.end())
  const silent: LookupFunction = (_hostname, _options, callback) => {
    closing.push(() => callback(new Error('the test is over'), []))
  }
  const result = await dialler(loopback, silent).dial(call(`http://hook.example:${port}/`, { timeoutMs: 100 }))
  assert.is(failed(result), 'timed out after 100 ms')
  assert.ok(result.durationMs < 1_000)
})

test('a slow body costs no success: the status came in time, and the body is cut at the deadline', async () => {
  const { url } = await receiver((_request, response) => response.writeHead(200).write('begun'))
  const result = answered(await dialler().dial(call(url, { timeoutMs: 200 })))
  assert.equal([result.status, result.body, result.truncated], [200, 'begun', true])
  assert.ok(result.durationMs >= 200 && result.durationMs < 1_000)
})

test('an endless body is cut at 16 KiB and the connection closed', async () => {
  const closed = Promise.withResolvers<void>()
  const { url } = await receiver((_request, response: ServerResponse) => {
    const pour = () => {
      while (!response.destroyed && response.write('x'.repeat(4096)));
    }
    response.on('drain', pour).on('close', closed.resolve)
    pour()
  })
  const result = answered(await dialler().dial(call(url)))
  assert.equal([result.body.length, result.truncated], [16 * 1024, true])
  assert.ok(result.durationMs < 2_000, 'it waited for the end')
  await closed.promise
})

test('a body of exactly 16 KiB is whole', async () => {
  const { url } = await receiver((_request, response) => response.end('x'.repeat(16 * 1024)))
  const result = answered(await dialler().dial(call(url)))
  assert.equal([result.body.length, result.truncated], [16 * 1024, false])
})

test('a body that is no text becomes text that Postgres can keep', async () => {
  const { url } = await receiver((_request, response) => response.end(Buffer.from([0x61, 0x00, 0xff, 0x62])))
  assert.is(answered(await dialler().dial(call(url))).body, 'a\uFFFD\uFFFDb')
})

test('an abort by the caller is thrown, because then nobody knows the outcome', async () => {
  const arrived = Promise.withResolvers<void>()
  const { url } = await receiver(() => arrived.resolve())
  const caller = new AbortController()
  const dialled = dialler().dial(call(url, { signal: caller.signal }))
  await arrived.promise
  const lost = new Error('the lease is lost')
  caller.abort(lost)
  assert.is(await dialled.catch((error: unknown) => error), lost)
})

test('what went wrong is told in plain words', async () => {
  const { dial } = dialler()
  const { port, url } = await receiver((request) => request.socket.destroy())
  const gone = createTcpServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => gone.once('listening', resolve))
  const freed = (gone.address() as { port: number }).port
  await new Promise((resolve) => gone.close(resolve))
  const babble = createTcpServer((socket) => socket.end('220 smtp ready\r\n')).listen(0, '127.0.0.1')
  await new Promise((resolve) => babble.once('listening', resolve))
  closing.push(() => babble.close())
  const table: [string, RegExp][] = [
    [url, /^connection closed by the receiver before it answered$/],
    [`http://127.0.0.1:${freed}/`, /^connection refused$/],
    [`http://localhost:${freed}/`, /^connection refused$/],
    [`http://127.0.0.1:${(babble.address() as { port: number }).port}/`, /^the receiver did not answer in HTTP$/],
    [`https://127.0.0.1:${port}/`, /^TLS handshake failed|^connection closed/],
    ['http://nowhere.invalid/', /^host name /],
    ['ftp://127.0.0.1/', /^the URL is not valid$/],
    ['not a url', /^the URL is not valid$/],
  ]
  for (const [target, expected] of table) assert.match(failed(await dial(call(target))), expected, target)
})

test('calls beyond the connections to one receiver wait for a free one, and all arrive', async () => {
  const sockets = new Set<unknown>()
  const { url } = await receiver((request, response) => {
    sockets.add(request.socket)
    response.end('ok')
  })
  const { dial } = dialler()
  const results = await Promise.all(Array.from({ length: 200 }, () => dial(call(url))))
  assert.ok(results.every((result) => answered(result).status === 200))
  assert.is(sockets.size, 64)
  assert.is(results.filter(({ timings }) => 'queue' in timings).length, 136)
})

test.run()
