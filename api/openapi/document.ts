/**
 * /openapi.json: every route with its whole path, made from the schemas that check the requests, so that the document can't say
 * anything else than the code.
 */
import swagger from '@fastify/swagger'
import type { App } from '../app.ts'
import { components } from '../components.ts'
import { complete, type Document } from './complete.ts'
import { showDocs } from './docs.ts'

const DESCRIPTION = `
Amounts are integers in the currency's smallest unit: \`50000\` is INR 500.00. Times are ISO 8601 UTC. Errors have one envelope,
\`{"error": {"code", "description"}}\`, with \`field\`, \`reason\` and \`request_id\` where they help.

**Who calls.** A merchant's server sends \`X-Api-Key\` and \`X-Api-Secret\`; a browser pays with the token of a checkout session; the
operator sends \`Authorization: Bearer <OPERATOR_TOKEN>\`.

**Once.** Every POST takes an \`Idempotency-Key\`. A repeat within 24 h is answered with the same status and the same bytes, and
\`Idempotent-Replayed: true\`; the same key with another body is a 409.

**Lists** are newest first: \`limit\` and \`offset\` to leaf, \`cursor\` (the \`next_cursor\` of the page before) to walk to the end.

**Limits.** What is too much is a 429 with \`Retry-After\`; \`RateLimit-Limit\`, \`RateLimit-Remaining\` and \`RateLimit-Reset\` tell beforehand.

**Test mode.** Keys that begin with \`key_test_\` move no money. The payer speaks the outcome: \`success@sim\`, \`failure@sim\`,
\`insufficient_funds@sim\`, \`timeout@sim\`, \`success.0s@sim\`, \`timeout.success.30s@sim\`, \`duplicate@sim\`.
`

const TAGS: [name: string, description: string][] = [
  ['orders', 'What is to be paid'],
  ['payments', 'Accepted at once, decided by the bank, captured or canceled'],
  ['refunds', 'Money back'],
  ['events', 'What happened, to look up or to follow'],
  ['webhooks', 'How events reach your server'],
  ['webhook endpoints', 'As many receivers as you need'],
  ['webhook replays', 'Sending again, at a pace your receiver can take'],
  ['checkout', 'Paying in a browser, by a token for one order'],
  ['merchants', 'Who you are and how you want things'],
  ['api keys', 'Your keys'],
  ['idempotency', 'What became of a request'],
  ['audit log', 'Who changed what'],
  ['sessions', 'Signing in'],
  ['operator', 'The runtime, inspected'],
  ['chaos', 'Breaking things on purpose, in the demo'],
  ['demo', "The demo's own receiver"],
  ['test', 'For scripts and demos'],
  ['health', 'Is everything well'],
  ['docs', 'This document'],
]

export async function describeApi(app: App, version: string): Promise<void> {
  for (const [$id, schema] of Object.entries(components)) app.addSchema({ $id, ...schema })
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Async Payment Gateway', version, description: DESCRIPTION.trim() },
      tags: TAGS.map(([name, description]) => ({ name, description })),
      components: {
        securitySchemes: {
          key: { type: 'apiKey', in: 'header', name: 'X-Api-Key' },
          secret: { type: 'apiKey', in: 'header', name: 'X-Api-Secret' },
          operator: { type: 'http', scheme: 'bearer', description: 'OPERATOR_TOKEN' },
          session: { type: 'http', scheme: 'bearer', description: 'The token of POST /api/v1/sessions' },
          checkout: { type: 'http', scheme: 'bearer', description: 'The token of POST /api/v1/checkout/sessions' },
        },
      },
      security: [{ key: [], secret: [] }, { session: [] }],
    },
    refResolver: { buildLocalReference: (json, _base, _fragment, i) => String(json.$id ?? `schema-${i}`) },
  })
  app.get('/openapi.json', { schema: { tags: ['docs'], summary: 'This document', security: [] } }, () =>
    documentOf(app),
  )
  await showDocs(app)
}

/** The whole document. The app must be ready. */
export function documentOf(app: App): Document {
  return complete(app.swagger() as unknown as Document)
}
