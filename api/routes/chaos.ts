/**
 * Breaking things on purpose, to watch them heal: only in demo mode, only for the operator, only from this machine or a private
 * network. What is broken is the demo's own: a worker, the bank's reachability, all of Redis.
 */
import { Type } from 'typebox'
import { GatewayError } from '../../schema/errors.ts'
import type { App } from '../app.ts'
import { audited } from '../audit.ts'
import { failures } from '../components.ts'
import type { Services } from '../services.ts'
import { isNear } from './metrics.ts'

/** What the demo can break; whoever starts the API says how. Each answers what it has hit, and throws when Redis is away. */
export interface Chaos {
  killWorker(worker: string): Promise<number>
  pauseWorker(worker: string, ms: number): Promise<number>
  stopBank(ms: number): Promise<number>
  flushRedis(): Promise<void>
}

const MAX_MS = 60_000
const Worker = Type.String({ minLength: 1, maxLength: 200, description: 'Its name, as GET /api/v1/workers tells it' })
const Ms = Type.Integer({ minimum: 100, maximum: MAX_MS, description: 'For how long, ms' })
const Broken = Type.Object({ broken: Type.String(), workers_told: Type.Optional(Type.Integer()) })

export function chaosRoutes(app: App, { chaos }: Services): void {
  if (chaos === null) return
  app.addHook('onRequest', async (request) => {
    if (!isNear(request))
      throw new GatewayError('AUTHORIZATION_ERROR', 'Chaos is for this machine and private networks')
  })
  const schema = { tags: ['chaos'], security: [{ operator: [] }], response: { 200: Broken, ...failures } }

  app.post(
    '/api/v1/chaos/kill-worker',
    {
      config: audited('chaos.kill-worker', 'worker'),
      schema: { ...schema, summary: 'A worker ends at once', body: Type.Object({ worker: Worker }) },
    },
    async ({ body }) => ({ broken: `killed ${body.worker}`, workers_told: await chaos.killWorker(body.worker) }),
  )

  app.post(
    '/api/v1/chaos/pause-worker',
    {
      config: audited('chaos.pause-worker', 'worker', 'ms'),
      schema: { ...schema, summary: 'A worker stands still', body: Type.Object({ worker: Worker, ms: Ms }) },
    },
    async ({ body }) => ({
      broken: `paused ${body.worker} for ${body.ms} ms`,
      workers_told: await chaos.pauseWorker(body.worker, body.ms),
    }),
  )

  app.post(
    '/api/v1/chaos/stop-bank',
    {
      config: audited('chaos.stop-bank', 'ms'),
      schema: { ...schema, summary: 'No worker reaches the bank', body: Type.Object({ ms: Ms }) },
    },
    async ({ body }) => ({ broken: `stopped the bank for ${body.ms} ms`, workers_told: await chaos.stopBank(body.ms) }),
  )

  app.post(
    '/api/v1/chaos/flush-redis',
    { config: audited('chaos.flush-redis'), schema: { ...schema, summary: 'Redis loses everything' } },
    async () => {
      await chaos.flushRedis()
      return { broken: 'emptied Redis' }
    },
  )
}
