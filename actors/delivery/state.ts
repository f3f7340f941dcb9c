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
  status: 'pending' | 'success' | 'failed'
  /** Attempts since creation or the last manual retry. */
  attempts: number
  /** Rows in its attempt log; counts on through a retry. */
  logged: number
  responseCode: number | null
  /** ISO 8601 */
  lastAttemptAt: string | null
  createdAt: string
  /** The event's exact text. */
  payload: string
  /** null: deleted. */
  endpoint: Endpoint | null
}

export interface Endpoint {
  url: string
  enabled: boolean
  /** Encrypted under SECRETS_KEY; newest first, the second while a rotated secret is in its grace. */
  secrets: Buffer[]
  /** Seconds between attempts; null: the gateway's schedule. */
  retryIntervals: number[] | null
}

/** One attempt in the log. */
export interface AttemptRow {
  n: number
  attempt: number
  /** ISO 8601 */
  at: string
  durationMs: number
  responseCode: number | null
  error: string | null
  requestHeaders: Record<string, string>
  responseHeaders: Record<string, string> | null
  /** At most 16 KiB. */
  responseBody: string | null
  /** Phases in ms, null where a phase did not happen. */
  timings: Record<string, number> | null
}
