/**
 * Pages of lists, newest first: `limit` and `offset` for people who leaf, `cursor` for programs that walk on while new rows
 * come in at the top. A cursor holds the last row's place as text, because a Date would cut Postgres's microseconds and
 * lose or repeat the rows beside the cut.
 */
import { type RawBuilder, sql } from 'kysely'
import { Type } from 'typebox'
import { GatewayError } from '../schema/errors.ts'
import type { Count } from './counts.ts'

export const MAX_LIMIT = 100
export const MAX_OFFSET = 10_000
/** What every list takes. */
export const pageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_LIMIT, description: 'Rows a page; 10 by default' })),
  offset: Type.Optional(Type.Integer({ minimum: 0, maximum: MAX_OFFSET, description: 'Rows to skip; 0 by default' })),
  cursor: Type.Optional(
    Type.String({ minLength: 1, maxLength: 512, description: '`next_cursor` of the page before; not with offset' }),
  ),
}

/** What a list that is bounded in time takes as well. */
export const periodQuery = {
  from: Type.Optional(Type.String({ maxLength: 40, description: 'ISO 8601; created then or later' })),
  to: Type.Optional(
    Type.String({ maxLength: 40, description: 'ISO 8601; created before. A date alone includes that day' }),
  ),
}

export interface Page<Row> {
  data: Row[]
  total: number
  /** Only when `total` is a lower bound. */
  total_exact?: false
  limit: number
  offset: number
  next_cursor: string | null
}

export interface PageRequest {
  limit: number
  offset: number
  after: Place | null
}

/** Where a page ended: the last row's created_at as Postgres prints it, and its id. */
interface Place {
  at: string
  id: string
}

/** What a query of a list must select beside its own columns: `placeOf(table)`. */
export interface Placed {
  id: string
  place: string
}

const ANY_ID = /^[\x21-\x7e]{1,64}$/

/** `ids`: what the list's ids look like, when their column takes nothing else. */
export function pageRequest(
  query: { limit?: number; offset?: number; cursor?: string },
  ids: RegExp = ANY_ID,
): PageRequest {
  const { limit = 10, offset = 0, cursor } = query
  return { limit, offset, after: cursor === undefined ? null : readCursor(cursor, ids) }
}

function writeCursor({ place, id }: Placed): string {
  return Buffer.from(`${place} ${id}`).toString('base64url')
}

const CURSOR = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z) (.+)$/

/** Throws a BAD_REQUEST_ERROR for what `writeCursor` has not written. */
function readCursor(cursor: string, ids: RegExp): Place {
  const [, at, id] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  if (at === undefined || id === undefined || !ids.test(id) || Number.isNaN(Date.parse(at))) {
    throw new GatewayError('BAD_REQUEST_ERROR', 'cursor must be the next_cursor of a page before', { field: 'cursor' })
  }
  return { at, id }
}

/** `created_at` of `table` to the microsecond, for the cursor. */
export function placeOf(table: string): RawBuilder<string> {
  return sql<string>`to_char(${sql.ref(`${table}.created_at`)} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
}

/** What follows the cursor's place; everything, without a cursor. An id alone would not do: ids are random. */
export function beyond(table: string, { after }: PageRequest, id = 'id'): RawBuilder<boolean> {
  if (!after) return sql<boolean>`true`
  return sql<boolean>`(${sql.ref(`${table}.created_at`)}, ${sql.ref(`${table}.${id}`)}) < (${after.at}::timestamptz, ${after.id})`
}

/**
 * The page that is shown. `found` is what the query brought with a limit of `page.limit + 1`: the one row too many tells that there
 * is a next page.
 */
export function pageOf<Row extends Placed, View>(
  found: Row[],
  { limit, offset }: PageRequest,
  { total, exact }: Count,
  view: (row: Row) => View,
): Page<View> {
  const shown = found.slice(0, limit)
  const last = shown.at(-1)
  return {
    data: shown.map(view),
    total,
    ...(exact ? {} : { total_exact: false as const }),
    limit,
    offset,
    next_cursor: found.length > limit && last ? writeCursor(last) : null,
  }
}

/** `from` and `to` of a query as moments. Throws a BAD_REQUEST_ERROR that names the field. */
export function readPeriod(query: { from?: string; to?: string }): { from: Date | null; to: Date | null } {
  return { from: readMoment('from', query.from), to: readMoment('to', query.to) }
}

const MOMENT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?$/
const DAY_MS = 86_400_000

function readMoment(field: 'from' | 'to', text: string | undefined): Date | null {
  if (text === undefined) return null
  const ms = MOMENT.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(ms)) {
    throw new GatewayError(
      'BAD_REQUEST_ERROR',
      `${field} must be ISO 8601, such as 2026-01-31 or 2026-01-31T18:30:00Z`,
      { field },
    )
  }
  return new Date(field === 'to' && text.length === 10 ? ms + DAY_MS : ms)
}
