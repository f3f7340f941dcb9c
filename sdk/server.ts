/**
 * The checkout's server: checkout.js for merchants' pages, the frame that it opens, a demo store and the docs. It holds no secret and
 * no database; who may frame the checkout it asks the API.
 */
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import fastify, { type FastifyInstance, LogController } from 'fastify'
import { pageHeaders } from '../web/security.ts'
import { checkoutBundle } from './build.ts'
import { readAssets } from './server/assets.ts'
import { demoPage } from './server/demo.ts'
import { docsPage } from './server/docs.ts'
import { FramePage } from './server/frame-page.ts'
import { loaderIntegrity, serveLoader } from './server/loader.ts'
import { Origins } from './server/origins.ts'

export interface CheckoutOptions {
  host: string
  /** 0: any free port. */
  port: number
  /** Where this server reaches the API. */
  apiUrl: string
  /** Where browsers reach it. */
  publicApiUrl: string
  /** Where browsers reach this server. */
  publicCheckoutUrl: string
  /** The test merchant's key opens the demo store; null outside demo mode, and there is none. */
  demo: { apiKey: string } | null
  /** pino's names, and `silent`. */
  logLevel: string
}

export interface RunningCheckout {
  /** `http://<host>:<port>` */
  url: string
  port: number
  close(): Promise<void>
}

const YEAR_MS = 31_536_000_000

/** Listens. The bundle must have been built (`buildCheckout`). Rejects when the port is taken. */
export async function startCheckout(options: CheckoutOptions): Promise<RunningCheckout> {
  const app = fastify({
    logger: { level: options.logLevel, base: undefined },
    logController: new LogController({ disableRequestLogging: true }),
    // Browsers keep lines open; a stop must not wait for them.
    forceCloseConnections: true,
  })
  serve(app, options)
  await app.listen({ host: options.host, port: options.port })
  const { port } = app.server.address() as AddressInfo
  const host = options.host.includes(':') ? `[${options.host}]` : options.host
  return { url: `http://${host}:${port}`, port, close: () => app.close() }
}

function serve(app: FastifyInstance, options: CheckoutOptions): void {
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ error: { code: 'NOT_FOUND_ERROR', description: 'Route not found' } }),
  )
  app.get('/health', () => ({ status: 'healthy' }))
  app.register(fastifyStatic, {
    root: join(checkoutBundle.output, 'assets'),
    prefix: '/assets/',
    preCompressed: true,
    immutable: true,
    maxAge: YEAR_MS,
    index: false,
  })
  serveLoader(app, checkoutBundle.output)
  serveFrame(app, options)
  servePages(app, options)
}

/** The page that takes the money: framed only by those whom the merchant allows, kept by no cache. */
function serveFrame(app: FastifyInstance, { apiUrl, publicApiUrl }: CheckoutOptions): void {
  const origins = new Origins(apiUrl)
  const page = new FramePage(publicApiUrl, readAssets(checkoutBundle.output, 'frame'))
  for (const path of ['/checkout', '/checkout.html']) {
    app.get<{ Querystring: Record<string, string | undefined> }>(path, async (request, reply) => {
      const { query } = request
      const answer = await page.answer(query, () => origins.of(query.key ?? null, query.order_id ?? ''))
      return reply.code(answer.status).headers(answer.headers).type('text/html; charset=utf-8').send(answer.html)
    })
  }
}

/** Pages about the checkout, which frame it as any merchant's page would. */
function servePages(app: FastifyInstance, options: CheckoutOptions): void {
  const { publicApiUrl, publicCheckoutUrl, demo } = options
  const assets = readAssets(checkoutBundle.output, 'pages')
  const headers = pageHeaders({ script: [publicCheckoutUrl], frame: ["'self'", publicCheckoutUrl] })
  const integrity = loaderIntegrity(checkoutBundle.output)
  const pages = new Map([
    ['/docs', docsPage({ publicApiUrl, publicCheckoutUrl, integrity, demo: demo !== null }, assets)],
  ])
  if (demo) pages.set('/demo', demoPage({ apiKey: demo.apiKey }, assets))
  for (const [path, html] of pages) {
    app.get(path, (_request, reply) => reply.headers(headers).type('text/html; charset=utf-8').send(html))
  }
  app.get('/', (_request, reply) => reply.redirect(demo ? '/demo' : '/docs'))
}
