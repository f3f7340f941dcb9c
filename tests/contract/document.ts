/** The API's document as a list of calls: what to send where, as its examples say it. */
import type { House } from './house.ts'

export interface Operation {
  parameters?: { name: string; in: string; example?: string | number }[]
  requestBody?: {
    required?: boolean
    content: { 'application/json': { schema: object; examples?: Record<string, { value: unknown }> } }
  }
  responses: Record<string, { content?: { 'application/json'?: { schema: object } } }>
  security?: Record<string, string[]>[]
}

export interface Call {
  /** `POST /api/v1/payments/{id}/capture` */
  name: string
  method: string
  path: string
  operation: Operation
}

export interface ApiDocument {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, object> }
}

export async function readDocument(house: House): Promise<ApiDocument> {
  return (await house.call('GET', '/openapi.json', { headers: null })).body
}

export function callsOf({ paths }: ApiDocument): Call[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      return { name: `${method.toUpperCase()} ${path}`, method: method.toUpperCase(), path, operation }
    }),
  )
}

/** The path with the examples in place of its parameters, and the query that is worth showing. Throws when an example is missing. */
export function exampleUrl({ name, path, operation: { parameters = [] } }: Call): string {
  const named = path.replaceAll(/\{(\w+)\}/g, (_, parameter) => {
    const example = parameters.find((one) => one.in === 'path' && one.name === parameter)?.example
    if (example === undefined) throw new Error(`${name}: what stands for {${parameter}}? (api/openapi/examples.ts)`)
    return encodeURIComponent(String(example))
  })
  const query = parameters
    .filter((one) => one.in === 'query' && one.example !== undefined)
    .map((one) => `${one.name}=${encodeURIComponent(String(one.example))}`)
  return query.length > 0 ? `${named}?${query.join('&')}` : named
}

/** Its bodies with what they show; one that is missing when it has no example. */
export function exampleBodies({ operation }: Call): [summary: string, body: unknown][] {
  const { examples } = operation.requestBody?.content['application/json'] ?? {}
  if (!examples) return [['without a body', undefined]]
  return Object.entries(examples).map(([summary, { value }]) => [summary, value])
}
