/**
 * Which pages' scripts may call which routes: the checkout's, and those that are open to everybody. Everything else takes a secret, and
 * a secret has no place in a browser, so no page may call it. No cookie is ever sent along.
 *
 * Whether a page may open a merchant's checkout is decided when it asks for a session; here is only whether its browser lets it ask.
 */
import cors from '@fastify/cors'
import type { FastifyRequest } from 'fastify'
import type { App } from '../app.ts'
import type { Services } from '../services.ts'
import { checkoutOrigins, isLoopback } from './origins.ts'

const OPEN_TO_PAGES = /^\/api\/v1\/(checkout\/|payments\/public$|(payments|orders)\/[^/]+\/public$)/
const PREFLIGHT_KEPT_SECONDS = 600

export function allowPages(app: App, { database, publicCheckoutUrl }: Services): void {
  const own = new Set(checkoutOrigins(publicCheckoutUrl))
  const isSomeMerchants = async (origin: string): Promise<boolean> => {
    const statement = {
      name: 'cors_origin',
      text: 'select from merchants where allowed_origins @> array[$1::text] limit 1',
    }
    return (await database.run(statement, [origin])).length > 0
  }
  app.register(cors, {
    strictPreflight: false,
    delegator: async (request: FastifyRequest) => {
      const { origin } = request.headers
      const [path = ''] = (request.url ?? '').split('?', 1)
      const allowed =
        origin !== undefined &&
        OPEN_TO_PAGES.test(path) &&
        (own.has(origin) || isLoopback(origin) || (await isSomeMerchants(origin)))
      return {
        origin: allowed ? origin : false,
        methods: ['GET', 'POST'],
        allowedHeaders: ['authorization', 'content-type', 'idempotency-key'],
        exposedHeaders: ['retry-after', 'idempotent-replayed', 'x-request-id'],
        maxAge: PREFLIGHT_KEPT_SECONDS,
      }
    },
  })
}
