/**
 * What a merchant's payments add up to, and how they went over time. Both read every row they sum up, so they are cached for as
 * long as they are worth: a sum that took a second is shown for some twenty.
 */
import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../schema/database.ts'
import type { Filter } from './filters.ts'

type Method = 'upi' | 'card'
type Status = 'pending' | 'success' | 'failed'

export interface Summary {
  total: number
  by_status: Record<Status, number>
  /** Payments of which money went back. */
  refunded: number
  /** Minor units, by currency: of all payments, and of those that succeeded. */
  amounts: { currency: string; total: number; success: number }[]
  methods: { method: Method; success: number; failed: number }[]
  oldest_pending_at: string | null
}

interface Sum {
  currency: string
  method: Method
  status: Status
  n: number
  amount: number
  refunded: number
  oldest: Date
}

export async function summarize({ kysely }: Database, { where }: Filter): Promise<Summary> {
  const { rows } = await sql<Sum>`
    select currency, method, status, count(*) as n, sum(amount)::int8 as amount, min(created_at) as oldest,
      count(*) filter (where amount_refunded > 0) as refunded
    from payments where ${where} group by currency, method, status order by currency, method desc
  `.execute(kysely)
  return foldSums(rows)
}

/** Pure: the groups into the answer. */
export function foldSums(sums: Sum[]): Summary {
  const count = (fits: (sum: Sum) => boolean) => sums.filter(fits).reduce((n, sum) => n + sum.n, 0)
  const amount = (fits: (sum: Sum) => boolean) => sums.filter(fits).reduce((total, sum) => total + sum.amount, 0)
  const pending = sums.filter(({ status }) => status === 'pending').map(({ oldest }) => oldest.getTime())
  return {
    total: count(() => true),
    by_status: {
      pending: count(({ status }) => status === 'pending'),
      success: count(({ status }) => status === 'success'),
      failed: count(({ status }) => status === 'failed'),
    },
    refunded: sums.reduce((n, sum) => n + sum.refunded, 0),
    amounts: unique(sums.map(({ currency }) => currency)).map((currency) => ({
      currency,
      total: amount((sum) => sum.currency === currency),
      success: amount((sum) => sum.currency === currency && sum.status === 'success'),
    })),
    methods: unique(sums.map(({ method }) => method)).map((method) => ({
      method,
      success: count((sum) => sum.method === method && sum.status === 'success'),
      failed: count((sum) => sum.method === method && sum.status === 'failed'),
    })),
    oldest_pending_at: pending.length > 0 ? new Date(Math.min(...pending)).toISOString() : null,
  }
}

function unique<T>(values: T[]): T[] {
  return [...new Set(values)]
}

/** How long a period is, and how long one of its steps, in ms. */
export const PERIODS = {
  '1h': { ms: 3_600_000, stepMs: 30_000 },
  '24h': { ms: 86_400_000, stepMs: 720_000 },
  '7d': { ms: 604_800_000, stepMs: 5_040_000 },
} as const

export type Period = keyof typeof PERIODS

export interface Series {
  from: string
  to: string
  step_ms: number
  /** A point a step, oldest first. The last one has only just begun. */
  points: SeriesPoint[]
}

export interface SeriesPoint {
  accepted: number
  /** Decided, one way or the other. */
  settled: number
  /** From accepted to decided, of those that were settled in this step; null without any. */
  p50_ms: number | null
  p99_ms: number | null
}

interface Step {
  step: number
  accepted: number
  settled: number
  p50_ms: number | null
  p99_ms: number | null
}

/** `nowMs`: where the period ends. */
export async function series({ kysely }: Database, merchantId: string, period: Period, nowMs: number): Promise<Series> {
  const { ms, stepMs } = PERIODS[period]
  const steps = ms / stepMs
  // On the steps' own grid, so that a point does not change its value with every look.
  const fromMs = (Math.floor(nowMs / stepMs) - steps + 1) * stepMs
  const from = new Date(fromMs)
  const { rows } = await sql<Step>`
    with accepted as (
      select ${stepOf('created_at', fromMs, stepMs)} as step, count(*) as n
      from payments where merchant_id = ${merchantId} and created_at >= ${from} group by step
    ), settled as (
      select ${stepOf('e.created_at', fromMs, stepMs)} as step, count(*) as n,
        percentile_disc(array[0.5, 0.99]) within group (order by date_part('epoch', e.created_at - p.created_at) * 1000) as took
      from events e cross join lateral (select created_at from payments where id = e.payment_id offset 0) p
      where e.merchant_id = ${merchantId} and e.created_at >= ${from} and e.type in ('payment.success', 'payment.failed')
      group by step
    )
    select step, coalesce(a.n, 0) as accepted, coalesce(s.n, 0) as settled,
      s.took[1]::float8 as p50_ms, s.took[2]::float8 as p99_ms
    from accepted a full join settled s using (step)
  `.execute(kysely)
  const byStep = new Map(rows.map(({ step, ...point }) => [step, point]))
  const points = Array.from({ length: steps }, (_, step) => byStep.get(step) ?? NOTHING)
  return { from: from.toISOString(), to: new Date(nowMs).toISOString(), step_ms: stepMs, points }
}

const NOTHING: SeriesPoint = { accepted: 0, settled: 0, p50_ms: null, p99_ms: null }

/** date_part, because extract answers a numeric, and a million of those take a second. */
function stepOf(column: string, fromMs: number, stepMs: number): RawBuilder<number> {
  return sql<number>`floor((date_part('epoch', ${sql.ref(column)}) * 1000 - ${fromMs}::float8) / ${stepMs}::float8)::int4`
}
