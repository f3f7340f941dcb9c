/** How a merchant's deliveries are going, in numbers: all of them, and by endpoint. */
import { sql } from 'kysely'
import { Type } from 'typebox'
import type { Database } from '../../schema/database.ts'
import type { App } from '../app.ts'
import { failures, ref } from '../components.ts'
import { costlyCache } from '../counts.ts'
import { created, equals, filter } from '../filters.ts'
import { periodQuery } from '../lists.ts'
import type { Services } from '../services.ts'

type Status = 'pending' | 'success' | 'failed'
type Counts = Record<Status, number>

interface Summary {
  total: number
  by_status: Counts
  endpoints: ({ endpoint_id: string } & Counts)[]
}

const MAX_CACHED = 1_000

const SummaryQuery = Type.Object({ ...periodQuery, payment_id: Type.Optional(Type.String({ maxLength: 64 })) })

export function webhookSummaryRoutes(app: App, { database }: Services): void {
  const summaries = costlyCache<Summary>((key) => {
    const [merchantId, query] = JSON.parse(key)
    return summarize(database, filterOf(merchantId, query))
  }, MAX_CACHED)

  app.get(
    '/api/v1/webhooks/summary',
    {
      schema: {
        tags: ['webhooks'],
        summary: 'Deliveries by state, and by endpoint',
        querystring: SummaryQuery,
        response: { 200: ref('WebhookSummary'), ...failures },
      },
    },
    async ({ merchant, query }) => {
      // Here, so that what is wrong with the query is refused and not cached.
      filterOf(merchant.id, query)
      return (await summaries.read(JSON.stringify([merchant.id, query]))) as Summary
    },
  )
}

function filterOf(merchantId: string, query: { from?: string; to?: string; payment_id?: string }) {
  return filter('webhook_deliveries', merchantId, [
    ...created('webhook_deliveries', query),
    equals('webhook_deliveries.payment_id', query.payment_id),
  ]).where
}

async function summarize({ kysely }: Database, where: ReturnType<typeof filterOf>): Promise<Summary> {
  const { rows } = await sql<{ endpoint_id: string } & Counts>`
    select endpoint_id, count(*) filter (where status = 'pending') as pending,
      count(*) filter (where status = 'success') as success, count(*) filter (where status = 'failed') as failed
    from webhook_deliveries where ${where} group by endpoint_id order by endpoint_id
  `.execute(kysely)
  const sum = (status: Status) => rows.reduce((n, row) => n + row[status], 0)
  const by_status = { pending: sum('pending'), success: sum('success'), failed: sum('failed') }
  return { total: by_status.pending + by_status.success + by_status.failed, by_status, endpoints: rows }
}
