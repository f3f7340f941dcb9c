/**
 * The dashboard's server: it serves the app, keeps the session in a cookie that no script can read, and passes calls on to the API.
 * It has no database and no secrets of its own; whatever it knows, the API has told it.
 */
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from 'fastify'
import { pageHeaders } from '../../web/security.ts'
import { dashboardBundle } from '../build.ts'
import { type Account, Api } from './api.ts'
import { dropSession, readCookie, readTheme, sessionCookie, setSession } from './cookies.ts'
import { envelope } from './errors.ts'
import { AppPage } from './page.ts'
import { isOwnPage, proxyApi } from './proxy.ts'

export interface DashboardOptions {
  host: string
  /** 0: any free port. */
  port: number
  /** Where this server reaches the API. */
  apiUrl: string
  /** Where browsers and merchants reach it. */
  publicApiUrl: string
  publicCheckoutUrl: string
  /** The pair that opens the dashboard without a click; null outside demo mode. */
  demo: { apiKey: string; apiSecret: string } | null
  /** pino's names, and `silent`. */
  logLevel: string
  version: string
}

export interface RunningDashboard {
  /** `http://<host>:<port>` */
  url: string
  port: number
  close(): Promise<void>
}

/** Proxies in front of us are on this machine or in its network; only they may say who called. */
const TRUSTED_PROXIES = ['loopback', 'linklocal', 'uniquelocal']
const SIGN_IN_BODY_BYTES = 4_096
const YEAR_SECONDS = 31_536_000

/** Listens. The bundle must have been built. Rejects when the port is taken. */
export async function startDashboard(options: DashboardOptions): Promise<RunningDashboard> {
  const app = fastify({
    logger: { level: options.logLevel, base: undefined },
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: TRUSTED_PROXIES,
    // Browsers keep lines open; a stop must not wait for them.
    forceCloseConnections: true,
  })
  serve(app, options)
  await app.listen({ host: options.host, port: options.port })
  const { port } = app.server.address() as AddressInfo
  const host = options.host.includes(':') ? `[${options.host}]` : options.host
  return { url: `http://${host}:${port}`, port, close: () => app.close() }
}

function serve(app: FastifyInstance, options: DashboardOptions): void {
  const api = new Api(options.apiUrl)
  const cookie = sessionCookie(options.port)
  const headers = pageHeaders({
    script: [options.publicCheckoutUrl],
    frame: [options.publicCheckoutUrl],
  })
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(headers)
  })
  app.setErrorHandler((error, request, reply) => {
    const status = (error as { statusCode?: number }).statusCode ?? 500
    if (status >= 500) request.log.error({ err: error }, 'request')
    const words = status >= 500 ? 'The dashboard has a fault of its own; its log says which.' : (error as Error).message
    return envelope(reply, status, status >= 500 ? 'SERVER_ERROR' : 'BAD_REQUEST_ERROR', words)
  })
  app.get('/health', () => ({ status: 'healthy' }))
  app.register(fastifyStatic, {
    root: join(dashboardBundle.output, 'assets'),
    prefix: '/assets/',
    preCompressed: true,
    immutable: true,
    maxAge: YEAR_SECONDS * 1_000,
    index: false,
  })
  app.get('/mark.svg', (_request, reply) => reply.sendFile('mark.svg', dashboardBundle.output))
  sessions(app, api, cookie, options)
  proxyApi(app, { apiUrl: options.apiUrl, cookie })
  pages(app, api, cookie, options)
}

/** Signing in and out. `{demo: true}` stands for the pair that only this server knows. */
function sessions(app: FastifyInstance, api: Api, cookie: string, { demo }: DashboardOptions): void {
  app.post('/session', { bodyLimit: SIGN_IN_BODY_BYTES }, async (request, reply) => {
    if (!isOwnPage(request)) return envelope(reply, 403, 'AUTHORIZATION_ERROR', 'Sign in on the dashboard’s own page')
    const body = request.body as { demo?: true } | null
    const opened = await api.openSession(body?.demo && demo ? pairOf(demo) : body)
    if (opened.status !== 201) return reply.code(opened.status).send(opened.body)
    setSession(request, reply, cookie, opened.body.token, new Date(opened.body.expires_at))
    return reply.code(201).send({ account: opened.body.account })
  })

  app.delete('/session', async (request, reply) => {
    if (!isOwnPage(request)) return envelope(reply, 403, 'AUTHORIZATION_ERROR', 'Sign out on the dashboard’s own page')
    const token = readCookie(request, cookie)
    dropSession(request, reply, cookie)
    if (token !== null) await api.closeSession(token)
    return reply.code(204).send()
  })
}

/** Every other address is the app's: it leads to the door, or past it. */
function pages(app: FastifyInstance, api: Api, cookie: string, options: DashboardOptions): void {
  const page = new AppPage(dashboardBundle.output)
  const show = (request: FastifyRequest, reply: FastifyReply, account: Account | null, away = false) => {
    const { demo, publicApiUrl, publicCheckoutUrl, version } = options
    const boot = {
      account,
      away,
      demo: demo && pairOf(demo),
      api_url: publicApiUrl,
      checkout_url: publicCheckoutUrl,
      version,
    }
    return reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(page.render(boot, readTheme(request)))
  }

  const whoIs = async (request: FastifyRequest, reply: FastifyReply): Promise<Account | null> => {
    const token = readCookie(request, cookie)
    const account = token === null ? null : await api.account(token)
    if (account || !options.demo) return account
    const opened = await api.openSession(pairOf(options.demo))
    if (opened.status !== 201) return null
    setSession(request, reply, cookie, opened.body.token, new Date(opened.body.expires_at))
    return opened.body.account
  }

  app.get('/', (_request, reply) => reply.redirect('/dashboard'))
  app.get('/login', (request, reply) => show(request, reply, null))
  app.setNotFoundHandler(async (request, reply) => {
    if (request.method !== 'GET' || !request.headers.accept?.includes('text/html')) {
      return envelope(reply, 404, 'NOT_FOUND_ERROR', 'Route not found')
    }
    let account: Account | null
    try {
      account = await whoIs(request, reply)
    } catch (error) {
      request.log.warn({ err: error }, 'the API does not say who this is')
      return show(request, reply.code(503).header('retry-after', '2'), null, true)
    }
    return account ? show(request, reply, account) : reply.redirect(`/login?next=${encodeURIComponent(request.url)}`)
  })
}

function pairOf({ apiKey, apiSecret }: { apiKey: string; apiSecret: string }) {
  return { api_key: apiKey, api_secret: apiSecret }
}
