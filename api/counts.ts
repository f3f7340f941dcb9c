/**
 * Counting rows is the one query whose cost grows with success. So a whole list is counted anew up to 1,000 rows, and beyond that at
 * most 5 % of the time: a count that took a second is shown for nineteen before the next one starts. What a filter lets in is counted
 * anew up to 10,000 rows and no further, because nothing keeps its count.
 * (A filter that fits few of very many rows still has to look at all of them; the statement timeout bounds it.)
 */
import { sql } from 'kysely'
import type { Database } from '../schema/database.ts'
import { Cache } from './cache.ts'
import type { Filter } from './filters.ts'

export interface Count {
  total: number
  /** false: there are at least so many. */
  exact: boolean
}

/** Rows of a filtered list that are counted, anew every time. */
export const COUNTED = 10_000
/** The same of a whole list: so few that a page of a million costs no more than one of a thousand. */
const COUNTED_WHOLE = 1_000

/** A cache entry is loaded anew at half its life, so this is 19 times what it cost: 5 % of the time. */
const COST_TO_TTL = 38

/** A cache for what is costly to count: its values live in proportion to what they cost. */
export function costlyCache<Value>(load: (key: string) => Promise<Value>, max: number): Cache<Value> {
  return new Cache(load, { max, ttlMs: (tookMs) => COST_TO_TTL * tookMs })
}

export type CountedList =
  | ('orders' | 'payments' | 'refunds' | 'events' | 'api_keys' | 'audit_log')
  | ('webhook_deliveries' | 'webhook_endpoints' | 'webhook_replays')

export class ListCounts {
  readonly #database: Database
  readonly #whole: Cache<number>

  constructor(database: Database) {
    this.#database = database
    this.#whole = costlyCache((key) => this.#countWhole(key), 1_000)
  }

  /** Counts what the filter lets in of a merchant's list. */
  async count(list: CountedList, merchantId: string, { where, filtered }: Filter): Promise<Count> {
    const most = filtered ? COUNTED : COUNTED_WHOLE
    const { rows } = await sql<{ n: number }>`
      select count(*) as n from (select 1 from ${sql.table(list)} where ${where} limit ${most + 1}) counted
    `.execute(this.#database.kysely)
    const n = rows[0]?.n ?? 0
    if (n <= most) return { total: n, exact: true }
    if (filtered) return { total: most, exact: false }
    return { total: (await this.#whole.read(`${list} ${merchantId}`)) ?? n, exact: true }
  }

  async #countWhole(key: string): Promise<number> {
    const [list = '', merchantId] = key.split(' ')
    const { rows } = await sql<{ n: number }>`
      select count(*) as n from ${sql.table(list)} where merchant_id = ${merchantId}
    `.execute(this.#database.kysely)
    return rows[0]?.n ?? 0
  }
}
