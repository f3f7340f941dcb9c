/** What the routes' schemas do not say of themselves, added to the document: names of operations, examples, and which bodies may be missing. */
import { BODIES, parameterExample, QUERIES } from './examples.ts'

export interface Document {
  paths: Record<string, Record<string, Operation>>
}

interface Operation {
  responses?: Record<string, { description?: string }>
  operationId?: string
  parameters?: { name: string; in: string; example?: unknown }[]
  requestBody?: {
    required?: boolean
    content: Record<string, { schema?: { anyOf?: { type?: string }[] }; examples?: Record<string, { value: unknown }> }>
  }
}

/** Changes the document, and answers it. */
export function complete(document: Document): Document {
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      operation.operationId = operationId(method, path)
      markOptionalBody(operation)
      describeAnswers(operation)
      addExamples(operation, `${method.toUpperCase()} ${path}`, path)
    }
  }
  return document
}

/** `postPaymentsByIdCapture`: no two operations share a method and a path, so no two share this. */
function operationId(method: string, path: string): string {
  const words = path
    .replace('/api/v1/', '/')
    .replaceAll(/\{(\w+)\}/g, 'by_$1')
    .split(/[^A-Za-z0-9]+/)
  return method + words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('')
}

/** A body that may be null may be missing altogether, which the plugin does not know: it calls every body required. */
function markOptionalBody({ requestBody }: Operation): void {
  const schemas = Object.values(requestBody?.content ?? {}).flatMap(({ schema }) => schema?.anyOf ?? [])
  if (requestBody && schemas.some(({ type }) => type === 'null')) requestBody.required = false
}

const ANSWERS: Record<string, string> = {
  200: 'Done',
  201: 'Created',
  202: 'Undecided after ten seconds; it stays in force',
  204: 'Done, and nothing to tell',
  503: 'A part is away',
  default: 'Refused, with a code and the reason',
}

function describeAnswers({ responses = {} }: Operation): void {
  for (const [status, response] of Object.entries(responses)) {
    if (response.description === 'Default Response') response.description = ANSWERS[status] ?? response.description
  }
}

function addExamples({ parameters = [], requestBody }: Operation, name: string, path: string): void {
  for (const parameter of parameters) {
    const example = parameter.in === 'path' ? parameterExample(path) : QUERIES[name]?.[parameter.name]
    if (example !== undefined && example !== null && parameter.in !== 'header') parameter.example = example
  }
  const bodies = BODIES[name]
  if (!requestBody || !bodies) return
  const examples = Object.fromEntries(Object.entries(bodies).map(([summary, value]) => [summary, { value }]))
  for (const content of Object.values(requestBody.content)) content.examples = examples
}
