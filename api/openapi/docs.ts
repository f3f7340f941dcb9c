/** The document as a page, at /docs. Everything it needs comes from here: no other host is asked for anything. */
import swaggerUi from '@fastify/swagger-ui'
import type { App } from '../app.ts'
import { complete, type Document } from './complete.ts'

export async function showDocs(app: App): Promise<void> {
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    uiConfig: { deepLinking: true, docExpansion: 'none', filter: true, validatorUrl: null },
    staticCSP: {
      'default-src': ["'none'"],
      'connect-src': ["'self'"],
      'font-src': ["'self'", 'data:'],
      'img-src': ["'self'", 'data:'],
      'script-src': ["'self'"],
      'style-src': ["'self'", "'unsafe-inline'"],
      'frame-ancestors': ["'none'"],
      'base-uri': ["'none'"],
      'form-action': ["'none'"],
    },
    theme: { title: 'Async Payment Gateway' },
    transformSpecification: (document) => complete(document as unknown as Document) as unknown as typeof document,
  })
}
