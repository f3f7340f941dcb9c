/**
 * What a merchant may choose for an endpoint. Pure checks, in the words that the API answers with. A URL's address is not judged
 * here: what a name resolves to can change, so that is judged at every connection.
 */
import { GatewayError } from '../../schema/errors.ts'
import { INTERVALS_75_HOURS } from '../delivery/schedule.ts'
import { EVENT_FILTERS } from './event-types.ts'

/** Each event makes a delivery for each endpoint that wants it, in the statement that commits the payment. */
export const MAX_ENDPOINTS = 20
export const MAX_URL_LENGTH = 2_048
/** The three-day schedule, by its name. */
export const LONG_SCHEDULE = '75h'
export const MIN_TIMEOUT_MS = 1_000
export const MAX_TIMEOUT_MS = 30_000
/** Calls a second. */
export const MAX_RATE = 1_000

const MAX_INTERVALS = 20
const LONGEST_INTERVAL_S = 86_400
const MAX_HEADERS = 20
const MAX_HEADER_LENGTH = 1_024
/** A name of HTTP's grammar (RFC 9110, 5.6.2), and a value that can't break out of its line. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9a-z-]{1,64}$/
const HEADER_VALUE = /^[\x20-\x7e]*$/
/** What we say ourselves, and what belongs to the connection. */
const RESERVED = new Set([
  ...['content-type', 'content-length', 'content-encoding', 'x-webhook-signature'],
  ...['host', 'connection', 'keep-alive', 'transfer-encoding', 'te', 'trailer', 'upgrade', 'expect', 'http2-settings'],
])
const RESERVED_PREFIX = /^(webhook-|proxy-)/

/** Throws a BAD_REQUEST_ERROR, as all of these. */
export function checkUrl(url: string): string {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url
  throw refusal('url', `url must be an http or https URL of at most ${MAX_URL_LENGTH} characters`)
}

/** Without repetitions; `*` makes every other entry idle. */
export function checkEvents(events: string[]): string[] {
  const unknown = events.find((filter) => !EVENT_FILTERS.includes(filter))
  if (unknown === undefined && events.length > 0) return events.includes('*') ? ['*'] : [...new Set(events)]
  throw refusal('events', `events must be a list of ${EVENT_FILTERS.join(', ')}`)
}

/** Seconds between attempts; null is the gateway's own schedule, an empty list one attempt alone. */
export function checkIntervals(intervals: number[] | typeof LONG_SCHEDULE | null): number[] | null {
  if (intervals === null) return null
  if (intervals === LONG_SCHEDULE) return [...INTERVALS_75_HOURS]
  const wrong = intervals.some((seconds) => !Number.isInteger(seconds) || seconds < 1 || seconds > LONGEST_INTERVAL_S)
  if (!wrong && intervals.length <= MAX_INTERVALS) return intervals
  throw refusal(
    'retry_intervals',
    `retry_intervals must be null, "${LONG_SCHEDULE}" or at most ${MAX_INTERVALS} whole seconds of 1 to ${LONGEST_INTERVAL_S}`,
  )
}

/** Names in lower case; null when there are none. */
export function checkHeaders(headers: Record<string, string>): Record<string, string> | null {
  const entries = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const)
  if (entries.length > MAX_HEADERS) throw refusal('headers', `headers must be at most ${MAX_HEADERS}`)
  for (const [name, value] of entries) {
    if (!HEADER_NAME.test(name)) throw refusal('headers', `headers.${name.slice(0, 64)} is not a header's name`)
    if (RESERVED.has(name) || RESERVED_PREFIX.test(name)) {
      throw refusal('headers', `headers.${name} is set by the gateway and can't be chosen`)
    }
    if (value.length > MAX_HEADER_LENGTH || !HEADER_VALUE.test(value)) {
      throw refusal('headers', `headers.${name} must be at most ${MAX_HEADER_LENGTH} printable ASCII characters`)
    }
  }
  return entries.length === 0 ? null : Object.fromEntries(entries)
}

function refusal(field: string, description: string): GatewayError {
  return new GatewayError('BAD_REQUEST_ERROR', description, { field })
}
