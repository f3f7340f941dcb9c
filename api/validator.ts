/**
 * Requests are checked against their route's JSON Schema, which is also their TypeScript type and their documentation.
 *
 * TypeBox compiles the schemas itself. Nothing in a body is converted ("500" is no amount), and what a route does not know is
 * left alone. A refusal names the field and what is allowed, in the contract's words.
 */
import type { FastifySchemaCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { GatewayError } from '../schema/errors.ts'

/** The keywords this file looks at. `x-allowed` completes the sentence "<field> must be ...". */
interface Rule {
  type?: string
  properties?: Record<string, Rule>
  anyOf?: Rule[]
  const?: unknown
  enum?: unknown[]
  minLength?: number
  maxLength?: number
  'x-allowed'?: string
  discriminator?: { propertyName: string }
}

/** One finding of the validator: JSON Schema's keyword, where, and the keyword's own parameters. */
interface Finding {
  keyword: string
  instancePath: string
  params: { limit?: unknown; type?: unknown; requiredProperties?: string[] }
}

type Check = (value: unknown) => GatewayError | undefined

export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const check = checker(schema as TSchema & Rule)
  return (value: unknown) => {
    const read = httpPart === 'body' ? value : withNumbers(schema as Rule, value)
    const error = check(read)
    return error ? { error } : { value: read }
  }
}

/**
 * A body of several kinds is judged by the kind it says it is, so that a card payment hears what is wrong with its card and
 * not that it is no UPI payment; what belongs to another kind is one of the fields it ignores.
 */
function checker(schema: TSchema & Rule): Check {
  if (schema.discriminator) return byKind(schema, schema.discriminator.propertyName)
  const nonNull = schema.anyOf?.filter((branch) => branch.type !== 'null')
  if (nonNull?.length === 1 && nonNull[0]?.properties) {
    const check = checker(nonNull[0] as TSchema & Rule)
    return (value) => (value === null ? undefined : check(value))
  }
  const validator = Compile(schema)
  return (value) => {
    if (validator.Check(value)) return undefined
    const [first] = validator.Errors(value) as Finding[]
    return first ? refusal(schema, first, value) : new GatewayError('BAD_REQUEST_ERROR', 'the request is malformed')
  }
}

function byKind(schema: Rule, property: string): Check {
  const kinds = new Map(
    (schema.anyOf ?? []).map((kind) => [kind.properties?.[property]?.const, checker(kind as TSchema & Rule)]),
  )
  return (value) => {
    if (!isObject(value)) return notAnObject()
    const check = kinds.get(value[property])
    if (check) return check(value)
    const rule = value[property] === undefined ? 'is required' : `must be ${oneOf([...kinds.keys()])}`
    return new GatewayError('BAD_REQUEST_ERROR', `${property} ${rule}`, { field: property })
  }
}

/** A query string holds only text: what its schema calls an integer is read as one, and only if it is written as one. */
function withNumbers(schema: Rule, value: unknown): unknown {
  if (!isObject(value)) return value
  const read = { ...value }
  for (const [name, rule] of Object.entries(schema.properties ?? {})) {
    const text = read[name]
    if (rule.type === 'integer' && typeof text === 'string' && /^-?[0-9]{1,15}$/.test(text)) read[name] = Number(text)
  }
  return read
}

function refusal(schema: Rule, { keyword, instancePath, params }: Finding, value: unknown): GatewayError {
  const path = instancePath.split('/').slice(1)
  if (keyword === 'required') {
    const holder = path.reduce<unknown>((at, name) => (isObject(at) ? at[name] : undefined), value)
    const missing = params.requiredProperties?.find((name) => !isObject(holder) || holder[name] === undefined)
    const field = [...path, missing].join('.')
    return new GatewayError('BAD_REQUEST_ERROR', `${field} is required`, { field })
  }
  if (path.length === 0) return notAnObject()
  const field = path.join('.')
  const rule = path.reduce<Rule>((at, name) => property(at, name), schema)
  return new GatewayError('BAD_REQUEST_ERROR', `${field} must be ${allowed(rule, keyword, params)}`, { field })
}

function property(rule: Rule, name: string): Rule {
  const holder = rule.properties ? rule : rule.anyOf?.find((branch) => branch.properties)
  return holder?.properties?.[name] ?? {}
}

function allowed(rule: Rule, keyword: string, params: Finding['params']): string {
  if (keyword === 'minimum') return `at least ${params.limit}`
  if (keyword === 'maximum') return `at most ${params.limit}`
  if (rule['x-allowed']) return rule['x-allowed']
  if (rule.enum) return oneOf(rule.enum)
  if (rule.anyOf) return rule.anyOf.map((branch) => allowed(branch, '', {})).join(' or ')
  if (rule.const !== undefined) return String(rule.const)
  if (rule.type === 'string' && rule.maxLength !== undefined) {
    return `a string of ${rule.minLength ?? 0} to ${rule.maxLength} characters`
  }
  if (rule.type === 'null') return 'null'
  return rule.type === undefined ? 'valid' : `${/^[aio]/.test(rule.type) ? 'an' : 'a'} ${rule.type}`
}

function oneOf(values: unknown[]): string {
  return values.length === 1 ? String(values[0]) : `one of ${values.join(', ')}`
}

function notAnObject(): GatewayError {
  return new GatewayError('BAD_REQUEST_ERROR', 'the body must be a JSON object')
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
