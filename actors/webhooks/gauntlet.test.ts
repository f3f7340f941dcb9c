import { createServer, type IncomingHttpHeaders } from 'node:http'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { parseAddressRanges } from '../delivery/address-ranges.ts'
import { openDialler } from '../delivery/dialler.ts'
import { bodySignature, standardSignature } from '../delivery/signature.ts'
import { type GauntletTarget, runGauntlet } from './gauntlet.ts'

const test = suite('the gauntlet')

const SECRET = 'whsec_test_abc123'
const dialler = openDialler({ open: parseAddressRanges('127.0.0.0/8') })
const closing: (() => unknown)[] = []
test.after.each(async () => {
  for (const close of closing.splice(0)) await close()
})
test.after(() => dialler.close())

type Verify = (text: string, headers: IncomingHttpHeaders) => number

/** What the gauntlet finds of a receiver that answers so; undefined: one that is not there. */
async function findings(verify?: Verify): Promise<Record<string, boolean>> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    response.writeHead(verify?.(Buffer.concat(chunks).toString(), request.headers) ?? 500).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const close = () => new Promise((resolve) => server.close(resolve))
  if (verify) closing.push(close)
  else await close()
  const url = `http://127.0.0.1:${port}/`
  const target: GauntletTarget = {
    merchantId: 'm',
    url,
    timeoutMs: 5_000,
    secrets: [SECRET],
    signingKey: null,
    headers: {},
  }
  const trials = await runGauntlet(target, dialler, Date.now(), new AbortController().signal)
  for (const { passed, advice } of trials) assert.is(advice === null, passed)
  return Object.fromEntries(trials.map(({ name, passed }) => [name, passed]))
}

const plain: Verify = (text, headers) => (headers['x-webhook-signature'] === bodySignature(text, SECRET) ? 200 : 401)
const standard: Verify = (text, { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature }) => {
  const fits = standardSignature(String(id), Number(at), text, SECRET) === signature
  return fits && Math.abs(Date.now() / 1000 - Number(at)) < 300 ? 200 : 401
}

const ALL = ['good', 'duplicate', 'bad_signature', 'old_timestamp', 'newer_first', 'older_second']
const expect = (...failed: string[]) => Object.fromEntries(ALL.map((name) => [name, !failed.includes(name)]))

test('a receiver that does it rightly passes all of it', async () => {
  assert.equal(await findings(standard), expect())
})

test('one that checks nothing takes what it must refuse', async () => {
  assert.equal(await findings(() => 200), expect('bad_signature', 'old_timestamp'))
})

test('one that checks the body alone can be played a recorded call', async () => {
  assert.equal(await findings(plain), expect('old_timestamp'))
})

test('one that refuses what it has seen, or what comes late, is told so', async () => {
  const seen = new Set<unknown>()
  let highest = 0
  const picky: Verify = (text, headers) => {
    if (standard(text, headers) !== 200) return 401
    const { sequence } = JSON.parse(text)
    if (seen.has(headers['webhook-id'])) return 409
    seen.add(headers['webhook-id'])
    if (sequence > 3 && sequence < highest) return 422
    highest = Math.max(highest, sequence)
    return 200
  }
  assert.equal(await findings(picky), expect('duplicate', 'older_second'))
})

test('one that breaks, or is not there, refuses nothing', async () => {
  assert.equal(await findings(() => 500), expect(...ALL))
  assert.equal(await findings(), expect(...ALL))
})

test.run()
