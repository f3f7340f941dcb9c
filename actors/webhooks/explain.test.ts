import { createHmac, randomBytes } from 'node:crypto'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { bodySignature, keyBytes, signedHeaders, standardSignature } from '../delivery/signature.ts'
import type { Mutation } from './candidates.ts'
import { explainWebhook, type KnownSecret } from './explain.ts'

const test = suite('the explainer')

const eventId = 'evt_0123456789abcdef'
const nowMs = 1_705_315_870_000
const timestamp = nowMs / 1000
const secret = () => `whsec_${randomBytes(32).toString('base64')}`
const [current, old, other] = [secret(), secret(), secret()]
const BODY =
  '{"event":"payment.success","timestamp":1705315870,"data":{"payment":{"id":"pay_1","note":"Zoë pays ₹5 – a/b"}}}'
const LATIN = '{"event":"payment.success","timestamp":1705315870,"data":{"note":"Zoë"}}'

const known: KnownSecret[] = [
  { secret: current, owner: 'whe_first', current: true },
  { secret: old, owner: 'whe_first', current: false },
  { secret: other, owner: 'whe_other', current: true },
]

const sentHeaders = (body: string, secrets: string[], at = timestamp) =>
  signedHeaders({ eventId, timestamp: at, body, secrets })

interface Example {
  name: string
  /** What the receiver has; what was sent unless said. */
  payload?: string
  sent?: string
  headers?: Record<string, string>
  secret?: string
  /** What both signatures have suffered, or each its own. */
  plain: Mutation[] | null
  standard: Mutation[] | null
}

const both = (name: string, ...mutations: Mutation[]) => ({ name, plain: mutations, standard: mutations })
const parsed = JSON.parse(BODY)
/** As Python's json.dumps prints it. */
const python = BODY.replaceAll('":', '": ')
  .replaceAll(',"', ', "')
  .replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)

const EXAMPLES: Example[] = [
  both('a webhook as it was sent'),
  { ...both('parsed and printed with an indent', 'reserialized_body'), payload: JSON.stringify(parsed, null, 2) },
  { ...both('parsed and printed by Python', 'reserialized_body'), payload: python },
  { ...both('a newline at the end', 'trailing_newline'), payload: `${BODY}\n` },
  { ...both('a DOS newline at the end', 'trailing_newline'), payload: `${BODY}\r\n` },
  { ...both('a newline that was sent is gone', 'trailing_newline'), sent: `${BODY}\n` },
  { ...both('a byte order mark', 'byte_order_mark'), payload: `\uFEFF${BODY}` },
  { ...both('white space around it', 'surrounding_space'), payload: `  ${BODY}\t` },
  { ...both('slashes escaped', 'escaped_slashes'), payload: BODY.replaceAll('/', '\\/') },
  { ...both('UTF-8 read as Latin-1', 'charset'), payload: Buffer.from(BODY).toString('latin1') },
  {
    ...both('UTF-8 read as Windows-1252', 'charset'),
    payload: new TextDecoder('windows-1252').decode(Buffer.from(BODY)),
  },
  {
    ...both('hashed as Latin-1 by the sender', 'charset'),
    payload: LATIN,
    sent: LATIN,
    headers: {
      'x-webhook-signature': createHmac('sha256', current).update(LATIN, 'latin1').digest('hex'),
      'webhook-id': eventId,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': `v1,${createHmac('sha256', keyBytes(current)).update(`${eventId}.${timestamp}.${LATIN}`, 'latin1').digest('base64')}`,
    },
  },
  { ...both('verified with the secret from before the rotation', 'old_secret'), secret: old },
  { ...both('an old webhook, verified with the new secret', 'old_secret'), headers: sentHeaders(BODY, [old]) },
  { ...both("verified with another endpoint's secret", 'other_endpoint_secret'), secret: other },
  { ...both('a secret that nobody knows', 'other_endpoint_secret'), secret: secret() },
  { ...both('a secret pasted with a newline', 'space_in_secret'), secret: `${current}\n` },
  {
    ...both("a newline, and another endpoint's secret", 'other_endpoint_secret', 'trailing_newline'),
    payload: `${BODY}\n`,
    secret: other,
  },
  {
    name: 'base64 where hex belongs, and hex where base64 belongs',
    headers: {
      ...sentHeaders(BODY, [current]),
      'x-webhook-signature': Buffer.from(bodySignature(BODY, current), 'hex').toString('base64'),
      'webhook-signature': `v1,${Buffer.from(standardSignature(eventId, timestamp, BODY, current).slice(3), 'base64').toString('hex')}`,
    },
    plain: ['base64_for_hex'],
    standard: ['hex_for_base64'],
  },
  {
    name: 'each signature in the header of the other',
    headers: {
      ...sentHeaders(BODY, [current]),
      'x-webhook-signature': standardSignature(eventId, timestamp, BODY, current).slice(3),
      'webhook-signature': `v1,${bodySignature(BODY, current)}`,
    },
    plain: ['secret_decoded', 'id_and_time_signed', 'base64_for_hex'],
    standard: ['secret_not_decoded', 'body_alone_signed', 'hex_for_base64'],
  },
  {
    name: 'a clock that is ten minutes off',
    headers: sentHeaders(BODY, [current], timestamp - 600),
    plain: [],
    standard: ['timestamp_outside_window'],
  },
  {
    name: 'the plain signature alone',
    headers: { 'X-Webhook-Signature': bodySignature(BODY, current) },
    plain: [],
    standard: null,
  },
  {
    name: 'another body altogether',
    payload: BODY.replace('pay_1', 'pay_2'),
    plain: [],
    standard: [],
  },
]

for (const { name, payload = BODY, sent = BODY, headers, secret: used = current, plain, standard } of EXAMPLES) {
  test(`${name}: ${[plain, standard].flat().join(', ') || 'nothing is wrong, or nothing explains it'}`, () => {
    const received = { payload, headers: headers ?? sentHeaders(sent, [current]), secret: used }
    const told = explainWebhook(received, { nowMs, known, sent: null })
    const of = (header: string) => told.signatures.find((one) => one.header === header)?.mutations ?? null
    assert.equal(of('x-webhook-signature'), plain)
    assert.equal(of('webhook-signature'), standard)
    const fits = name === 'a webhook as it was sent' || name === 'the plain signature alone'
    assert.is(told.verified, fits, told.summary)
    assert.ok(told.summary.length > 0)
  })
}

test('during a rotation one of the two signatures is enough, whichever secret the receiver has', () => {
  for (const used of [current, old]) {
    const headers = signedHeaders({ eventId, timestamp, body: BODY, secrets: [current, old] })
    const told = explainWebhook({ payload: BODY, headers, secret: used }, { nowMs, known, sent: null })
    assert.is(told.signatures.filter(({ header, verified }) => header === 'webhook-signature' && verified).length, 1)
    assert.is(told.verified, used === current, 'the plain header is signed with the newest alone')
  }
})

test('whose secret it was signed with is told', () => {
  const headers = sentHeaders(BODY, [other])
  const told = explainWebhook({ payload: BODY, headers, secret: current }, { nowMs, known, sent: null })
  assert.equal(
    told.signatures.map(({ signed_by }) => signed_by),
    ['whe_other', 'whe_other'],
  )
})

test('where the body departs from what was sent is shown', () => {
  const payload = BODY.replace('pay_1', 'pay_2')
  const told = explainWebhook(
    { payload, headers: sentHeaders(BODY, [current]), secret: current },
    { nowMs, known, sent: BODY },
  )
  assert.is(told.difference?.at, BODY.indexOf('1"', BODY.indexOf('pay_')))
  assert.is(told.difference?.sent.slice(0, 2), '1"')
})

test('headers that are not there are named', () => {
  const summary = (headers: Record<string, string>) =>
    explainWebhook({ payload: BODY, headers, secret: current }, { nowMs, known, sent: null }).summary
  assert.match(summary({}), 'A proxy may have dropped the headers')
  const { 'webhook-signature': signature = '' } = sentHeaders(BODY, [current])
  assert.match(summary({ 'webhook-signature': signature }), 'without webhook-id and webhook-timestamp')
  const stamped = { 'webhook-signature': signature, 'webhook-id': eventId, 'webhook-timestamp': '2024-01-15' }
  assert.match(summary(stamped), 'Unix time in whole seconds')
})

test('the largest body with the most secrets is explained in less than a second', () => {
  const payload = JSON.stringify({ text: 'ß'.repeat(60_000) })
  const many = Array.from({ length: 42 }, (_, n) => ({ secret: secret(), owner: `whe_${n}`, current: true }))
  const began = performance.now()
  explainWebhook(
    { payload, headers: sentHeaders('{}', [current]), secret: current },
    { nowMs, known: many, sent: null },
  )
  assert.ok(performance.now() - began < 1_000, `${performance.now() - began} ms`)
})

test('what is no JSON, or nested without end, is only hashed', () => {
  for (const payload of ['', 'event=payment', '['.repeat(60_000), `${'['.repeat(30_000)}${']'.repeat(30_000)}`]) {
    const told = explainWebhook(
      { payload, headers: sentHeaders(BODY, [current]), secret: current },
      { nowMs, known, sent: null },
    )
    assert.not(told.verified)
  }
})

test.run()
