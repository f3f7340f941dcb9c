/** The conditions of a list: what always holds (the rows are the merchant's own), and what its caller asked for. */
import { type RawBuilder, sql } from 'kysely'
import { readPeriod } from './lists.ts'

export interface Filter {
  where: RawBuilder<boolean>
  /** False when it lets in everything of the merchant's. */
  filtered: boolean
}

/** `asked`: a condition each, null for what was not asked for. */
export function filter(table: string, merchantId: string, asked: (RawBuilder<boolean> | null)[]): Filter {
  const conditions = asked.filter((condition) => condition !== null)
  const own = sql<boolean>`${sql.ref(`${table}.merchant_id`)} = ${merchantId}`
  return { where: sql<boolean>`${sql.join([own, ...conditions], sql` and `)}`, filtered: conditions.length > 0 }
}

/** `column = value`, or null when there is no value. */
export function equals(column: string, value: string | number | undefined): RawBuilder<boolean> | null {
  return value === undefined ? null : sql<boolean>`${sql.ref(column)} = ${value}`
}

/** Created in the period that the query names. Throws a BAD_REQUEST_ERROR that names the field. */
export function created(table: string, query: { from?: string; to?: string }): (RawBuilder<boolean> | null)[] {
  const { from, to } = readPeriod(query)
  const at = sql.ref(`${table}.created_at`)
  return [from && sql<boolean>`${at} >= ${from}`, to && sql<boolean>`${at} < ${to}`]
}
