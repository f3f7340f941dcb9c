/** Requests to one of the document's calls: some as they should be, most with something wrong somewhere. */
import fc from 'fast-check'
import { type Call, exampleBodies } from '../document.ts'
import { CREDENTIALS, OPERATOR_TOKEN } from '../house.ts'
import { fitting, ODD_TEXTS, oddValue, type Schema } from './values.ts'

export interface Shot {
  name: string
  method: string
  /** With its query, ready for the request line. */
  path: string
  headers: Record<string, string | string[]>
  body: Buffer | null
}

export function shotsAt(call: Call): fc.Arbitrary<Shot> {
  return fc
    .record({ path: pathOf(call), query: queryOf(call), headers: headersOf(call), body: bodyOf(call) })
    .map(({ path, query, headers, body: { type, bytes } }) => ({
      name: call.name,
      method: call.method,
      path: query === '' ? path : `${path}?${query}`,
      headers: bytes === null ? headers : { 'content-type': type, ...headers },
      body: bytes,
    }))
}

/** As it may stand in a request line: a browser would have encoded it, a script may not. */
const oddSegment = fc.oneof(
  fc.constantFrom(...ODD_TEXTS, '.', '..', 'x'.repeat(300)).map((text) => encodeURIComponent(text.toWellFormed())),
  fc.constantFrom('%', '%zz', '%ff%fe', '%c0%80', '%2e%2e%2f', ';a=b', '%', '*', "'", '%EF%BF%BF'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).map(encodeURIComponent),
)

function pathOf({ path, operation: { parameters = [] } }: Call): fc.Arbitrary<string> {
  const parts = path.split(/(\{\w+\})/).map((part) => {
    const example = parameters.find((one) => one.in === 'path' && `{${one.name}}` === part)?.example
    if (example === undefined) return fc.constant(part)
    return fc.oneof({ weight: 3, arbitrary: fc.constant(encodeURIComponent(String(example))) }, oddSegment)
  })
  return fc.tuple(...parts).map((texts) => texts.join(''))
}

function queryOf({ operation: { parameters = [] } }: Call): fc.Arbitrary<string> {
  const known = parameters.filter((one) => one.in === 'query').map(({ name }) => name)
  const name = fc.constantFrom(...known, 'unknown', '__proto__', 'limit')
  const value = fc.oneof(
    fc.constantFrom('0', '1', '10', '100', '101', '2026-01-15', 'success', 'true').map(String),
    oddSegment,
  )
  const pair = fc.tuple(name, value).map(([key, text]) => `${key}=${text}`)
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant('') },
    fc.array(pair, { maxLength: 4 }).map((pairs) => pairs.join('&')),
  )
}

/** Header values travel as Latin-1 without control characters. */
const oddHeader = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '*',
    '0',
    '-1',
    'null',
    '__proto__',
    'x'.repeat(300),
    'x'.repeat(4_000),
    '\xff\xfe',
    ',,,',
    '"',
  ),
  fc.string({
    unit: fc.constantFrom(...Array.from({ length: 95 }, (_, n) => String.fromCharCode(32 + n))),
    maxLength: 60,
  }),
)

function headersOf({ operation: { security } }: Call): fc.Arbitrary<Shot['headers']> {
  const [needed] = (security ?? [{ key: [] }]).flatMap((one) => Object.keys(one))
  const right: Shot['headers'] =
    needed === 'operator' ? { authorization: `Bearer ${OPERATOR_TOKEN}` } : needed ? CREDENTIALS : {}
  const credentials = fc.oneof(
    { weight: 12, arbitrary: fc.constant(right) },
    fc.constant({}),
    oddHeader.map((secret) => ({ ...CREDENTIALS, 'x-api-secret': secret })),
    oddHeader.map((token) => ({ authorization: `Bearer ${token}` })),
    fc.constant({ 'x-api-key': ['a', 'b'], 'x-api-secret': ['c', 'd'] }),
  )
  const names = [
    'idempotency-key',
    'accept',
    'origin',
    'last-event-id',
    'cookie',
    'x-forwarded-for',
    'if-none-match',
    'range',
    'content-encoding',
  ]
  const beside = fc.dictionary(fc.constantFrom(...names), oddHeader, { maxKeys: 2 })
  return fc
    .tuple(credentials, fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, beside))
    .map(([a, b]) => ({ ...a, ...b }))
}

interface Sent {
  type: string
  bytes: Buffer | null
}

const oddText = fc.constantFrom(
  '{',
  '{"amount":',
  '[]]',
  '"text"',
  'nul',
  '{"amount":1e400}',
  '{"amount":-0}',
  '{"amount":123456789012345678901234567890}',
  '{"a":1,"a":2,"amount":"500"}',
  '{"__proto__":{"amount":500}}',
  '{"constructor":{"prototype":{"x":1}}}',
  '\ufeff{"amount":500}',
  '{"receipt":"\\ud800"}',
  '{"receipt":"\\u0000"}',
  '['.repeat(5_000),
  `${'{"a":'.repeat(2_000)}1${'}'.repeat(2_000)}`,
  '{"amount":500}{"amount":500}',
)

function bodyOf(call: Call): fc.Arbitrary<Sent> {
  const content = call.operation.requestBody?.content['application/json']
  const schema: Schema | undefined = content?.schema
  const json = (value: unknown): Sent => ({ type: 'application/json', bytes: Buffer.from(JSON.stringify(value) ?? '') })
  const none = fc.constant<Sent>({ type: '', bytes: null })
  const odd = fc.oneof(
    oddValue.map(json),
    oddText.map((text) => ({ type: 'application/json', bytes: Buffer.from(text) })),
    fc.uint8Array({ maxLength: 64 }).map((bytes) => ({ type: 'application/json', bytes: Buffer.from(bytes) })),
    fc
      .constantFrom(
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data',
        'application/json; charset=utf-16',
        ';',
      )
      .map((type) => ({ type, bytes: Buffer.from('{"amount":500}') })),
  )
  if (!schema) return fc.oneof({ weight: 9, arbitrary: none }, odd)
  const examples = exampleBodies(call).map(([, body]) => body)
  const sensible = fc.oneof(fc.constantFrom(...examples), fitting(schema))
  return fc.oneof(
    { weight: 3, arbitrary: sensible.map(json) },
    { weight: 6, arbitrary: fc.tuple(sensible, spoiling(schema)).map(([body, spoil]) => json(spoil(body))) },
    { weight: 2, arbitrary: odd },
    none,
  )
}

/** Puts something odd in one place of a body, or takes a place away. */
function spoiling(schema: Schema): fc.Arbitrary<(body: unknown) => unknown> {
  const branches = [schema, ...(schema.anyOf ?? [])]
  const names = branches.flatMap(({ properties = {} }) => Object.keys(properties))
  return fc
    .tuple(fc.constantFrom(...names, 'unknown', 'constructor'), fc.option(oddValue, { freq: 6, nil: undefined }))
    .map(([name, value]) => (body: unknown) => {
      return typeof body === 'object' && body !== null && !Array.isArray(body) ? { ...body, [name]: value } : value
    })
}
