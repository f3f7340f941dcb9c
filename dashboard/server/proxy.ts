/**
 * /api/* under the dashboard's own origin: the browser sends its cookie, we send the session on. So no key is ever in the browser,
 * and no other origin is ever asked. Bodies and answers are passed through as they come, streams of events included.
 */
import { pipeline } from 'node:stream/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { request as call, errors } from 'undici'
import { bearer } from './api.ts'
import { readCookie } from './cookies.ts'
import { envelope } from './errors.ts'

/** What belongs to one connection, to the browser's own secrets, or to a caller with keys: never passed on. */
const NOT_SENT = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'host',
  'cookie',
  'authorization',
  'x-api-key',
  'x-api-secret',
  'expect',
])
const NOT_ANSWERED = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'set-cookie',
  'strict-transport-security',
])

/** More than the API itself waits for an actor. A stream says something every 15 s. */
const PATIENCE_MS = 30_000

export interface ProxyOptions {
  /** Where the API is reached from here. */
  apiUrl: string
  cookie: string
}

export function proxyApi(app: FastifyInstance, { apiUrl, cookie }: ProxyOptions): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
    scope.all('/api/*', async (request, reply) => {
      if (!isOwnPage(request))
        return envelope(reply, 403, 'AUTHORIZATION_ERROR', 'Only the dashboard’s own pages may do this')
      const token = readCookie(request, cookie)
      if (token === null) return envelope(reply, 401, 'AUTHENTICATION_ERROR', 'Sign in first')
      return pass(request, reply, apiUrl, token)
    })
  })
}

/**
 * True unless another site's page sent the request. The cookie is SameSite already; a browser that says where a request comes from
 * is believed as well, because sites on other ports of one host are one site to it.
 */
export function isOwnPage(request: FastifyRequest): boolean {
  if (request.method === 'GET' || request.method === 'HEAD') return true
  const site = request.headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  const { origin } = request.headers
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === request.headers.host)
}

async function pass(
  request: FastifyRequest,
  reply: FastifyReply,
  apiUrl: string,
  token: string,
): Promise<FastifyReply> {
  const gone = new AbortController()
  // The browser has left before its answer was complete: the API need not go on with it.
  reply.raw.once('close', () => reply.raw.writableFinished || gone.abort())
  const bodyless = request.method === 'GET' || request.method === 'HEAD' || request.body === undefined
  let answer: Awaited<ReturnType<typeof call>>
  try {
    answer = await call(`${apiUrl}${request.url}`, {
      method: request.method as 'GET',
      headers: { ...sentHeaders(request), ...bearer(token) },
      body: bodyless ? null : (request.body as NodeJS.ReadableStream as never),
      headersTimeout: PATIENCE_MS,
      bodyTimeout: PATIENCE_MS,
      signal: gone.signal,
    })
  } catch (error) {
    if (gone.signal.aborted) return reply.hijack()
    request.log.warn({ err: error }, 'the API does not answer')
    const late = error instanceof errors.HeadersTimeoutError
    const words = late ? 'The API takes too long. Try again.' : 'The API does not answer. Is it running?'
    return envelope(reply, late ? 504 : 502, 'SERVER_ERROR', words)
  }
  reply.hijack()
  for (const [name, value] of Object.entries(answer.headers)) {
    if (value !== undefined && !NOT_ANSWERED.has(name)) reply.raw.setHeader(name, value)
  }
  reply.raw.writeHead(answer.statusCode)
  // A stream of events has nothing to say yet; that it is open is news all the same.
  reply.raw.flushHeaders()
  await pipeline(answer.body, reply.raw).catch((error: unknown) => {
    if (!gone.signal.aborted) request.log.warn({ err: error }, 'an answer of the API broke off')
  })
  return reply
}

function sentHeaders(request: FastifyRequest): Record<string, string> {
  const sent: Record<string, string> = { 'x-forwarded-for': request.ip }
  for (const [name, value] of Object.entries(request.headers)) {
    if (typeof value === 'string' && !NOT_SENT.has(name) && name !== 'x-forwarded-for') sent[name] = value
  }
  return sent
}
