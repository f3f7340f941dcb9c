/** Figures for Prometheus: open to this machine and private networks, where scrapers live, and to the operator from anywhere. */
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { AddressRanges } from '../../actors/index.ts'
import type { App } from '../app.ts'
import { operatorCheck } from '../auth.ts'
import { failures } from '../components.ts'
import type { Services } from '../services.ts'

const NEAR = new AddressRanges(['127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '::1/128', 'fc00::/7'])

/** From this machine or a private network, by the address of the connection itself. */
export function isNear(request: FastifyRequest): boolean {
  return NEAR.has(request.socket.remoteAddress?.replace(/^::ffff:/, '') ?? '')
}

export function metricsRoutes(app: App, { metrics, credentials }: Services): void {
  const operator = operatorCheck(credentials)
  const schema = {
    tags: ['health'],
    summary: 'What Prometheus scrapes; from a public address the operator only',
    security: [],
    response: { 200: { description: 'Metrics', content: { 'text/plain': { schema: Type.String() } } }, ...failures },
  }
  app.get('/metrics', { schema, config: { rateLimit: false } }, async (request, reply) => {
    if (!isNear(request)) await operator(request)
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(await metrics())
  })
}
