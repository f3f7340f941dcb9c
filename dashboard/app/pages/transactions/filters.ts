/** What the address says about the list. A filter that is in the address can be sent to a colleague, and Back takes it back. */
import { useSearchParams } from '@solidjs/router'
import type { Accessor } from 'solid-js'
import type { Params } from '../../data/api.ts'
import { minorUnits } from '../../format/money.ts'

export const PERIODS = [
  ['', 'Any time'],
  ['today', 'Today'],
  ['7d', 'Last 7 days'],
  ['30d', 'Last 30 days'],
] as const
export type PeriodName = (typeof PERIODS)[number][0]

export const METHODS = [
  ['', 'Method: any'],
  ['upi', 'UPI'],
  ['card', 'Card'],
] as const
export type MethodName = (typeof METHODS)[number][0]

export const TABS = [
  ['', 'All'],
  ['pending', 'Pending'],
  ['success', 'Success'],
  ['failed', 'Failed'],
  ['refunded', 'Refunded'],
] as const
export type Tab = (typeof TABS)[number][0]

export const LIMIT = 25
const DAY_MS = 86_400_000

export interface Filters {
  tab: Accessor<Tab>
  period: Accessor<PeriodName>
  method: Accessor<MethodName>
  order: Accessor<string>
  text: Accessor<string>
  offset: Accessor<number>
  /** What the list is asked for. */
  list: Accessor<Params>
  /** The same without the tab and the page: what the sums are of. */
  sums: Accessor<Params>
  /** Any filter beside the tab. */
  narrowed: Accessor<boolean>
  set: (values: Record<string, string | number | null>) => void
}

export function createFilters(): Filters {
  const [search, setSearch] = useSearchParams()
  const read = (name: string) => {
    const value = search[name]
    return typeof value === 'string' ? value : ''
  }
  const one = <Name extends string>(options: readonly (readonly [Name, string])[], name: string) =>
    options.find(([value]) => value === read(name))?.[0] ?? (options[0]?.[0] as Name)
  const filters = {
    tab: () => one(TABS, 'status'),
    period: () => one(PERIODS, 'period'),
    method: () => one(METHODS, 'method'),
    order: () => read('order'),
    text: () => read('q'),
    offset: () => Number(read('offset')) || 0,
  }
  const sums = () => ({
    method: filters.method(),
    order_id: filters.order(),
    from: beginOf(filters.period()),
    ...searchFor(filters.text()),
  })
  const list = () => ({
    ...sums(),
    ...(filters.tab() === 'refunded' ? { refunded: 'true' } : { status: filters.tab() }),
    limit: LIMIT,
    offset: filters.offset(),
  })
  const narrowed = () => Boolean(filters.period() || filters.method() || filters.order() || filters.text())
  return { ...filters, sums, list, narrowed, set: (values) => setSearch({ offset: null, ...values }) }
}

/** A sum is looked for as an amount; anything else is an id or a receipt. */
function searchFor(text: string): { q?: string; amount?: number } {
  if (text === '') return {}
  const sum = /^[^\d\w]?\s*[\d,]+(\.\d+)?$/.test(text) ? minorUnits(text.replace(/[^\d.]/g, ''), 'INR') : null
  return sum === null ? { q: text } : { amount: sum }
}

/** Midnight of the reader's own day, so that "today" is theirs. */
function beginOf(period: PeriodName): string | null {
  const midnight = new Date()
  midnight.setHours(0, 0, 0, 0)
  if (period === 'today') return midnight.toISOString()
  if (period === '7d') return new Date(midnight.getTime() - 6 * DAY_MS).toISOString()
  if (period === '30d') return new Date(midnight.getTime() - 29 * DAY_MS).toISOString()
  return null
}
