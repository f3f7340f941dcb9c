/** Sums and courses of a merchant's payments, for those who want to see how they do rather than each of them. */
import { Type } from 'typebox'
import { wallMs } from '../../actors/index.ts'
import type { App } from '../app.ts'
import { failures, ref } from '../components.ts'
import { costlyCache } from '../counts.ts'
import { paymentChoice, paymentFilter } from '../payment-filters.ts'
import { PERIODS, type Period, type Series, type Summary, series, summarize } from '../payment-summary.ts'
import { oneOf } from '../schemas.ts'
import type { Services } from '../services.ts'

const MAX_CACHED = 1_000
const Choice = Type.Object(paymentChoice)
const SeriesQuery = Type.Object({ period: Type.Optional(oneOf(...(Object.keys(PERIODS) as Period[]))) })

export function paymentSummaryRoutes(app: App, { database }: Services): void {
  const summaries = costlyCache<Summary>((key) => {
    const [merchantId, query] = JSON.parse(key)
    return summarize(database, paymentFilter(merchantId, query))
  }, MAX_CACHED)
  const courses = costlyCache<Series>((key) => {
    const [merchantId, period] = JSON.parse(key)
    return series(database, merchantId, period, wallMs())
  }, MAX_CACHED)

  app.get(
    '/api/v1/payments/summary',
    {
      schema: {
        tags: ['payments'],
        summary: 'What the payments of a list add up to',
        querystring: Choice,
        response: { 200: ref('PaymentSummary'), ...failures },
      },
    },
    async ({ merchant, query }) => {
      // Here, so that what is wrong with the query is refused and not cached.
      paymentFilter(merchant.id, query)
      return (await summaries.read(JSON.stringify([merchant.id, query]))) as Summary
    },
  )

  app.get(
    '/api/v1/payments/series',
    {
      schema: {
        tags: ['payments'],
        summary: 'Payments accepted and settled over time, and how long that took',
        querystring: SeriesQuery,
        response: { 200: ref('PaymentSeries'), ...failures },
      },
    },
    async ({ merchant, query: { period = '1h' } }) =>
      (await courses.read(JSON.stringify([merchant.id, period]))) as Series,
  )
}
