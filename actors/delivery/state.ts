/**
 * A webhook delivery as its actor sees it: one event on its way to one endpoint. The endpoint and the event's text are read
 * with every load, so a changed URL or secret counts from the next attempt on.
 */

export interface Delivery {
  id: string
  merchantId: string
  endpointId: string
  eventId: string
  type: string
  paymentId: string | null
  /** The event's place among those of its payment; 0 for one that is about no payment. */
  sequence: number
  status: 'pending' | 'success' | 'failed'
  /** Attempts since creation or the last manual retry. */
  attempts: number
  /** Rows in its attempt log; counts on through a retry. */
  logged: number
  responseCode: number | null
  /** ISO 8601 */
  lastAttemptAt: string | null
  createdAt: string
  /** The replay that started it over last. */
  replayId: string | null
  /** The event's exact text. */
  payload: string
  /** null: deleted. */
  endpoint: Endpoint | null
  /** Where order is kept: when an earlier event of the payment is tried next, ms; null: none is on its way. */
  earlierDueMs: number | null
  /** What this turn has learned about the endpoint; goes with the commit. */
  finding: Finding | null
}

export interface Endpoint {
  url: string
  enabled: boolean
  /** Counts the merchant's changes. */
  revision: number
  /** Encrypted under SECRETS_KEY; newest first, the second while a rotated secret is in its grace. */
  secrets: Buffer[]
  /** Encrypted ed25519 key for a signature that can be checked without a secret; null: none. */
  signingKey: Buffer | null
  /** The merchant's own headers as JSON, encrypted; null: none. */
  headers: Buffer | null
  /** Seconds between attempts; null: the gateway's schedule. */
  retryIntervals: number[] | null
  /** For one whole call. */
  timeoutMs: number
  /** Calls a second; null: no limit. */
  rateLimit: number | null
  /** A payment's events are delivered one after the other. */
  ordered: boolean
  /** Since when it fails, and when it last did; null: it does well. ms of the store's clock. */
  failing: { sinceMs: number; lastMs: number } | null
}

/**
 * Timers of attempts that wait for something else than the time: for an earlier event of the payment, or for room at the endpoint.
 * They are set to when it looks by itself, should nobody ring. The store calls the first due once the earlier event is through,
 * the second as soon as somebody rings.
 */
export const IN_ORDER = 'attempt:in_order'
export const ROOM = 'attempt:room'

/** What an attempt says about its endpoint beyond its own delivery. */
export type Finding =
  /** It answers again. */
  | 'recovered'
  /** A failure that begins a run of failures, or goes on with one. */
  | 'failing'
  | 'still failing'
  /** Disable it: it answered 410 Gone, or has failed for days. */
  | 'gone'
  | 'failed for days'

/** One attempt in the log. */
export interface AttemptRow {
  n: number
  attempt: number
  /** ISO 8601 */
  at: string
  durationMs: number
  responseCode: number | null
  error: string | null
  /** Without what the merchant's own headers hold. */
  requestHeaders: Record<string, string>
  responseHeaders: Record<string, string> | null
  /** At most 16 KiB. */
  responseBody: string | null
  /** Phases in ms, null where a phase did not happen. */
  timings: Record<string, number> | null
  /** The IP address that was dialled; null when none was reached. */
  address: string | null
}
