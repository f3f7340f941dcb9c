/**
 * What browsers are told about every answer: it is data, no page, and nobody's frame. Helmet knows the headers. They are the same
 * for all answers, so it is asked once: asked for each, it costs more than all the rest of a small answer.
 */
import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'
import helmet from 'helmet'

const HEADERS = securityHeaders()

/** On every answer, before anything is asked of its request. */
export function tellBrowsers(request: FastifyRequest, reply: FastifyReply): void {
  reply.headers(HEADERS)
  reply.header('x-request-id', request.id)
}

function securityHeaders(): Record<string, string> {
  const request = new IncomingMessage(new Socket())
  const response = new ServerResponse(request)
  const noPage = { directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] }, useDefaults: false }
  const options = {
    contentSecurityPolicy: noPage,
    // A gateway knows nothing of its domain's other hosts.
    strictTransportSecurity: { includeSubDomains: false },
    // The checkout's pages read answers from another port, which CORS decides.
    crossOriginResourcePolicy: { policy: 'cross-origin' as const },
    frameguard: { action: 'deny' as const },
  }
  helmet(options)(request, response, (error?: unknown) => {
    if (error) throw error
  })
  return Object.fromEntries(Object.entries(response.getHeaders()).map(([name, value]) => [name, String(value)]))
}
