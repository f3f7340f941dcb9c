/** Values to send: such as a schema asks for, and such as nobody expects. */
import fc from 'fast-check'

/** The keywords of our schemas. */
export interface Schema {
  type?: string
  const?: unknown
  enum?: unknown[]
  anyOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  minItems?: number
  maxItems?: number
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  pattern?: string
}

const ANY_TEXT = 40
/** A host that resolves to nobody but this machine: no test asks a name server. */
const URLS = ['http://127.0.0.1:9/hooks', 'https://[::1]:9/', 'http://127.0.0.1:9/?q=%00', 'http://127.0.0.1:99999/']

/** What is sent as text in place of anything. Real requests have had all of it. */
export const ODD_TEXTS = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\u202e\u0301\u0301',
  '🏦'.repeat(20),
  '٣٤٥',
  'null',
  'undefined',
  '__proto__',
  'constructor',
  "'; drop table payments; --",
  '$' + '{jndi:ldap://127.0.0.1/a}',
  '../../etc/passwd',
  '%00',
  '%s%n',
  '0'.repeat(400),
  'x'.repeat(5_000),
  '-1',
  '1e3',
  '2026-02-30',
  '9999-99-99T99:99:99Z',
  '+275760-09-13',
  '0001-01-01T00:00:00Z',
  '4242424242424242',
]

const deep = (levels: number): unknown => Array.from({ length: levels }).reduce<unknown>((inner) => ({ a: inner }), 1)

export const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown[]>(null, true, false, 0, -1, 0.1, -0, 99, 1e21, 2 ** 53, 2 ** 63, -(2 ** 63), 1e308, [], {}, [
    [],
  ]),
  fc.constantFrom(...ODD_TEXTS),
  fc.string({ unit: 'binary', maxLength: ANY_TEXT }),
  fc.integer({ min: 1, max: 60 }).map(deep),
  fc.constant(Array.from({ length: 2_000 }, (_, n) => n)),
  fc.constant(Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`field${n}`, n]))),
  fc.constantFrom({ constructor: { prototype: { polluted: true } } }, { toString: 1 }, { length: -1 }),
)

/** A value that the schema lets through, mostly; what it does not say in keywords (Luhn, ISO 4217) is left to luck. */
export function fitting(schema: Schema, name = ''): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((branch) => fitting(branch, name)))
  switch (schema.type) {
    case 'integer':
      return fc.integer({ min: schema.minimum ?? -1_000, max: Math.min(schema.maximum ?? 100_000, 2 ** 31 - 1) })
    case 'number':
      return fc.double({ noNaN: true, noDefaultInfinity: true })
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'array':
      return fc.array(fitting(schema.items ?? {}), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 5, 5),
      })
    case 'string':
      return text(schema, name)
    case 'object':
      return object(schema)
    default:
      return fc.jsonValue({ maxDepth: 2 })
  }
}

function text({ pattern, minLength = 0, maxLength = ANY_TEXT }: Schema, name: string): fc.Arbitrary<string> {
  if (/url$/.test(name)) return fc.constantFrom(...URLS)
  if (pattern) return fc.stringMatching(new RegExp(pattern)).map((made) => made.slice(0, maxLength))
  return fc.string({ unit: 'grapheme', minLength, maxLength: Math.max(minLength, Math.min(maxLength, ANY_TEXT)) })
}

function object({ properties = {}, required = [] }: Schema): fc.Arbitrary<unknown> {
  const fields = Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, fitting(schema, name)]))
  return fc.record(fields, { requiredKeys: required })
}
