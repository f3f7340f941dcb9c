/** For scripts and demos, open to everybody: is anybody working, and who is the test merchant. */
import { sql } from 'kysely'
import { Type } from 'typebox'
import type { Gauges } from '../../actors/index.ts'
import { GatewayError } from '../../schema/errors.ts'
import type { App } from '../app.ts'
import { failures, ref } from '../components.ts'
import { COUNTED, costlyCache } from '../counts.ts'
import type { Services } from '../services.ts'

const TestMerchant = Type.Object({
  id: Type.String(),
  email: Type.String(),
  api_key: Type.String(),
  seeded: Type.Literal(true),
})

interface Ended {
  /** Payments that are decided and webhooks that were delivered. */
  completed: number
  /** Webhooks that were given up. */
  failed: number
}

export function testRoutes(app: App, { database, runtime, testMerchant }: Services): void {
  const ended = costlyCache(async () => {
    const { rows } = await sql<Ended>`
      select (select count(*) from payments where status <> 'pending') + count(*) filter (where status = 'success') as completed,
        count(*) filter (where status = 'failed') as failed
      from webhook_deliveries
    `.execute(database.kysely)
    return rows[0] ?? { completed: 0, failed: 0 }
  }, 1)

  /** What is open, counted in Postgres up to a limit: for when Redis is away and has no gauges. */
  const open = costlyCache(async () => {
    const { rows } = await sql<{ n: number }>`
      select count(*) as n from (
        (select 1 from payments where wake_at is not null limit ${COUNTED})
        union all (select 1 from webhook_deliveries where wake_at is not null limit ${COUNTED})
      ) due
    `.execute(database.kysely)
    return rows[0]?.n ?? 0
  }, 1)

  app.get(
    '/api/v1/test/jobs/status',
    {
      schema: {
        tags: ['test'],
        summary: 'What waits, what runs, what is done; workers by their leases',
        security: [],
        response: { 200: ref('JobsStatus'), ...failures },
      },
    },
    async (request) => {
      const [gauges, done] = await Promise.all([
        runtime.gauges().catch((error: unknown) => {
          request.log.warn({ err: error }, 'no gauges: Redis is away')
          return null
        }),
        ended.read('ended'),
      ])
      const { ready, running, scheduled, parked, workers } = gauges ?? AWAY
      return {
        pending: gauges ? ready + scheduled : await open.read('open'),
        processing: running,
        completed: done?.completed ?? 0,
        failed: done?.failed ?? 0,
        worker_status: workers > 0 ? 'running' : 'stopped',
        actors: { ready, running, scheduled, parked },
      }
    },
  )

  app.get(
    '/api/v1/test/merchant',
    {
      schema: {
        tags: ['test'],
        summary: 'The test merchant, once it is seeded',
        security: [],
        response: { 200: TestMerchant, ...failures },
      },
    },
    async () => {
      const row = await database.kysely
        .selectFrom('merchants')
        .select(['id', 'email'])
        .where('id', '=', testMerchant.id)
        .executeTakeFirst()
      if (!row) throw new GatewayError('NOT_FOUND_ERROR', 'Merchant not found')
      return { id: row.id, email: row.email, api_key: testMerchant.apiKey, seeded: true as const }
    },
  )
}

/** Without Redis no worker can hold a lease, and nothing is ready or runs. */
const AWAY: Gauges = { ready: 0, running: 0, scheduled: 0, parked: 0, workers: 0 }
