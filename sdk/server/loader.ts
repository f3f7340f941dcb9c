/**
 * checkout.js, under the one name that stands on merchants' pages. So it is kept by caches for minutes only, while everything that it
 * opens is asked for anew; a page that wants exactly these bytes pins them by their hash.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'

const NAME = 'checkout.js'
const FRESH_SECONDS = 300

export function serveLoader(app: FastifyInstance, folder: string): void {
  const read = (suffix: string) => readFileSync(join(folder, NAME + suffix))
  const bytes = { identity: read(''), br: read('.br'), gzip: read('.gz') }
  const etag = `"${createHash('sha256').update(bytes.identity).digest('base64url').slice(0, 22)}"`
  app.get(`/${NAME}`, (request, reply) => {
    const accepted = request.headers['accept-encoding'] ?? ''
    const encoding = /\bbr\b/.test(accepted) ? 'br' : /\bgzip\b/.test(accepted) ? 'gzip' : 'identity'
    reply.headers({
      'cache-control': `public, max-age=${FRESH_SECONDS}`,
      // Integrity is checked only of what may be read across origins.
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'x-content-type-options': 'nosniff',
      vary: 'accept-encoding',
      etag,
    })
    if (request.headers['if-none-match'] === etag) return reply.code(304).send()
    if (encoding !== 'identity') reply.header('content-encoding', encoding)
    return reply.type('text/javascript; charset=utf-8').send(bytes[encoding])
  })
  app.get('/sri.json', () => ({ [NAME]: loaderIntegrity(folder) }))
}

/** What `integrity` of the script tag must say. */
export function loaderIntegrity(folder: string): string {
  return `sha384-${createHash('sha384')
    .update(readFileSync(join(folder, NAME)))
    .digest('base64')}`
}
