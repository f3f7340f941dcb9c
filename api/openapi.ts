/**
 * /openapi.json: every route with its whole path, made from the schemas that check the requests, so that the document can't say
 * anything else than the code.
 */
import swagger from '@fastify/swagger'
import type { App } from './app.ts'
import { components } from './components.ts'

export async function describeApi(app: App, version: string): Promise<void> {
  for (const [$id, schema] of Object.entries(components)) app.addSchema({ $id, ...schema })
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Async Payment Gateway',
        version,
        description:
          "Amounts are integers in the currency's smallest unit. Times are ISO 8601 UTC. Errors have one envelope.",
      },
      components: {
        securitySchemes: {
          key: { type: 'apiKey', in: 'header', name: 'X-Api-Key' },
          secret: { type: 'apiKey', in: 'header', name: 'X-Api-Secret' },
          operator: { type: 'http', scheme: 'bearer' },
          session: { type: 'http', scheme: 'bearer' },
          checkout: { type: 'http', scheme: 'bearer' },
        },
      },
      security: [{ key: [], secret: [] }],
    },
    refResolver: { buildLocalReference: (json, _base, _fragment, i) => String(json.$id ?? `schema-${i}`) },
  })
  app.get('/openapi.json', { schema: { tags: ['docs'], summary: 'This document', security: [] } }, () =>
    withOptionalBodies(app.swagger() as Document),
  )
}

interface Document {
  paths: Record<string, Record<string, { requestBody?: Body }>>
}

interface Body {
  required?: boolean
  content: Record<string, { schema?: { anyOf?: { type?: string }[] } }>
}

/** A body that may be null may be missing altogether, which the plugin does not know: it calls every body required. */
function withOptionalBodies(document: Document): Document {
  for (const { requestBody } of Object.values(document.paths).flatMap((path) => Object.values(path))) {
    const schemas = Object.values(requestBody?.content ?? {}).flatMap(({ schema }) => schema?.anyOf ?? [])
    if (requestBody && schemas.some(({ type }) => type === 'null')) requestBody.required = false
  }
  return document
}
