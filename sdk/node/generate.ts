/**
 * Makes types.ts from the API's document, so that the client can't believe anything else than the server says:
 *
 *   npm run sdk:types                                     (with the gateway running)
 *   npm run sdk:types -- https://pay.example/openapi.json
 *
 * A test makes them anew from the document and compares.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compile, type JSONSchema } from 'json-schema-to-typescript'

export const TYPES_PATH = join(import.meta.dirname, 'types.ts')
const DEFAULT_URL = 'http://localhost:8000/openapi.json'

/** What callers send has no name in the document; here it gets one. */
const BODIES: Record<string, string> = {
  NewOrder: 'post /api/v1/orders',
  NewPayment: 'post /api/v1/payments',
  NewCapture: 'post /api/v1/payments/{id}/capture',
  NewRefund: 'post /api/v1/payments/{id}/refunds',
  NewApiKey: 'post /api/v1/api_keys',
  ApiKeyRoll: 'post /api/v1/api_keys/{api_key}/roll',
  NewWebhookEndpoint: 'post /api/v1/webhook_endpoints',
  WebhookEndpointChanges: 'patch /api/v1/webhook_endpoints/{id}',
  NewWebhookReplay: 'post /api/v1/webhook_replays',
  ReceivedWebhook: 'post /api/v1/webhooks/explain',
  ProfileChanges: 'patch /api/v1/merchants/profile',
}

const QUERIES: Record<string, string> = {
  OrderQuery: 'get /api/v1/orders',
  PaymentQuery: 'get /api/v1/payments',
  RefundQuery: 'get /api/v1/refunds',
  EventQuery: 'get /api/v1/events',
  WebhookQuery: 'get /api/v1/webhooks',
  ListQuery: 'get /api/v1/webhook_endpoints',
  AuditQuery: 'get /api/v1/audit_log',
}

/** Names that mean something else in every program. */
const RENAMED: Record<string, string> = { Event: 'GatewayEvent', Error: 'ErrorBody' }

interface Operation {
  parameters?: { name: string; in: string; schema: JSONSchema; description?: string }[]
  requestBody?: { content: Record<string, { schema: JSONSchema }> }
}

export interface OpenApiDocument {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, JSONSchema> }
}

/** The text of types.ts. Throws when a call that has a name here is not in the document. */
export async function typesOf(document: OpenApiDocument): Promise<string> {
  const operation = (call: string): Operation => {
    const [method = '', path = ''] = call.split(' ')
    const found = document.paths[path]?.[method]
    if (!found) throw new Error(`the document has no ${call}`)
    return found
  }
  const definitions = {
    ...Object.fromEntries(Object.entries(document.components.schemas).map(([name, schema]) => [nameOf(name), schema])),
    ...mapValues(BODIES, (call) => withoutNull(operation(call).requestBody?.content['application/json']?.schema ?? {})),
    ...mapValues(QUERIES, (call) => queryOf(operation(call))),
  }
  const sorted = Object.fromEntries(Object.entries(definitions).sort(([a], [b]) => (a < b ? -1 : 1)))
  const made = await compile(resolved({ type: 'object', definitions: mapValues(sorted, titled) }), ROOT, {
    bannerComment:
      '/** What the API takes and answers. Generated from its document by generate.ts; not to be edited. */',
    additionalProperties: false,
    unreachableDefinitions: true,
    ignoreMinAndMaxItems: true,
    style: { semi: false, singleQuote: true, printWidth: 120, trailingComma: 'all' },
  })
  return made.replace(/export interface Root \{\}\n/, '').replaceAll(WHERE_FROM, '')
}

const ROOT = 'Root'
const WHERE_FROM = /^\/\*\*\n \* This interface was referenced by `Root`.*\n \* via the `definition`.*\n \*\/\n/gm

/** With every reference pointing at where the definitions stand here. */
function resolved(schema: JSONSchema): JSONSchema {
  const text = JSON.stringify(schema)
  return JSON.parse(text.replaceAll(/"#\/components\/schemas\/(\w+)"/g, (_, name) => `"#/definitions/${nameOf(name)}"`))
}

function nameOf(name: string): string {
  return RENAMED[name] ?? name
}

/** By its name, else two that look alike would become one. */
function titled(schema: JSONSchema, name: string): JSONSchema {
  return { ...schema, title: name }
}

/** A body that may be missing is missing when nothing is said, and never null. */
function withoutNull(schema: JSONSchema): JSONSchema {
  const branches = schema.anyOf?.filter(({ type }) => type !== 'null') ?? []
  return branches.length === 1 ? (branches[0] as JSONSchema) : schema
}

function queryOf({ parameters = [] }: Operation): JSONSchema {
  const asked = parameters.filter((one) => one.in === 'query')
  const properties = asked.map(({ name, schema, description }) => [
    name,
    { ...schema, ...(description ? { description } : {}) },
  ])
  return { type: 'object', properties: Object.fromEntries(properties) }
}

function mapValues<From, To>(record: Record<string, From>, to: (value: From, name: string) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, to(value, name)]))
}

if (import.meta.main) {
  const url = process.argv[2] ?? DEFAULT_URL
  const response = await fetch(url)
  writeFileSync(TYPES_PATH, await typesOf((await response.json()) as OpenApiDocument))
  console.log(`wrote ${TYPES_PATH} from ${url}`)
}
