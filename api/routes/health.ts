/**
 * Three questions: is everything well (/health, for people and monitors), does this process live (/health/live, for a container's
 * health check), can it accept (/health/ready, for a load balancer). Accepting needs Postgres alone; Redis and workers may be away.
 */
import { Type } from 'typebox'
import { wallMs } from '../../actors/index.ts'
import type { App } from '../app.ts'
import { Cache } from '../cache.ts'
import { ref } from '../components.ts'
import type { Services } from '../services.ts'

/** However many ask, the parts are looked at so often at most, ms. */
const LOOK_EVERY_MS = 250
/** A part that has not answered by then is away, ms. */
const PATIENCE_MS = 2_000

interface Parts {
  database: boolean
  redis: boolean
  worker: boolean
}

/** Monitors must hear the truth however often they ask. */
const unlimited = { rateLimit: false as const }

const Status = Type.Object({ status: Type.String() })

export function healthRoutes(app: App, { database, runtime }: Services): void {
  const postgres = () => database.run({ name: 'api_health', text: 'select 1' }, []).then(() => true)
  const looked = new Cache<Parts>(
    async () => {
      const [connected, gauges] = await Promise.all([within(postgres()), within(runtime.gauges())])
      return { database: connected !== null, redis: gauges !== null, worker: (gauges?.workers ?? 0) > 0 }
    },
    { max: 1, ttlMs: () => LOOK_EVERY_MS },
  )

  app.get(
    '/health',
    {
      config: unlimited,
      schema: {
        tags: ['health'],
        summary: 'Every part of the gateway',
        security: [],
        response: { 200: ref('Health'), 503: ref('Health') },
      },
    },
    async (_request, reply) => {
      const parts = (await looked.read('parts')) as Parts
      const healthy = parts.database && parts.redis && parts.worker
      return reply.code(healthy ? 200 : 503).send({
        status: healthy ? 'healthy' : 'degraded',
        database: parts.database ? 'connected' : 'disconnected',
        redis: parts.redis ? 'connected' : 'disconnected',
        worker: parts.worker ? 'running' : 'stopped',
        timestamp: new Date(wallMs()).toISOString(),
      })
    },
  )

  app.get(
    '/health/live',
    {
      config: unlimited,
      schema: { tags: ['health'], summary: 'This process answers', security: [], response: { 200: Status } },
    },
    () => ({ status: 'live' }),
  )

  app.get(
    '/health/ready',
    {
      config: unlimited,
      schema: {
        tags: ['health'],
        summary: 'This process can accept: Postgres is there',
        security: [],
        response: { 200: Status, 503: Status },
      },
    },
    async (_request, reply) => {
      const ready = (await within(postgres())) !== null
      return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready' })
    },
  )
}

/** What the part answered, or null when it failed or took too long: here that is the finding, and no error. */
async function within<T>(part: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined
  const patience = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS, null)
  })
  try {
    return await Promise.race([part.catch(() => null), patience])
  } finally {
    clearTimeout(timer)
  }
}
