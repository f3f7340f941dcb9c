/** What the API answers, as far as the pages read it. The contract is the source; this is its spelling in TypeScript. */

export interface Page<Row> {
  data: Row[]
  total: number
  /** false: `total` is a lower bound. */
  total_exact?: false
  limit: number
  offset: number
  next_cursor: string | null
}

export interface Payment {
  id: string
  order_id: string
  amount: number
  currency: string
  method: 'upi' | 'card'
  vpa?: string | null
  card_network?: string | null
  card_last4?: string | null
  status: 'pending' | 'success' | 'failed'
  created_at: string
  updated_at: string
  captured: boolean
  canceled: boolean
  amount_captured: number
  amount_refunded: number
  refund_status: 'partial' | 'full' | null
  error_code?: string
  error_description?: string
}

export interface Refund {
  id: string
  payment_id: string
  amount: number
  reason: string | null
  status: 'pending' | 'processed' | 'failed'
  created_at: string
  processed_at: string | null
  error_description?: string
}

export interface TimelineEntry {
  seq: number
  at: string
  kind: 'message' | 'attempt' | 'state' | 'event' | 'webhook'
  name: string
  cause: string | null
  duration_ms: number | null
  detail: Record<string, unknown>
}

export interface Webhook {
  id: string
  event: string
  status: 'pending' | 'success' | 'failed'
  attempts: number
  created_at: string
  last_attempt_at: string | null
  next_retry_at: string | null
  response_code: number | null
  payment_id: string | null
  /** Order within the payment. */
  sequence: number
  endpoint_id: string
  endpoint_url: string | null
  max_attempts: number
}

export interface WebhookAttempt {
  attempt: number
  at: string
  duration_ms: number
  response_code: number | null
  error: string | null
  request_headers: Record<string, string>
  response_headers: Record<string, string> | null
  response_body: string | null
  timings: Record<string, number | null> | null
}

export interface WebhookDetails extends Webhook {
  event_id: string
  payload: string
  attempt_log: WebhookAttempt[]
}

export interface WebhookConfig {
  webhook_url: string | null
  webhook_secret: string
}

export interface GatewayEvent {
  id: string
  type: string
  /** Counts the events of one payment. */
  sequence: number
  created_at: string
  data: { payment?: Payment; refund?: Refund }
}

export interface JobsStatus {
  pending: number
  processing: number
  completed: number
  failed: number
  worker_status: 'running' | 'stopped'
  actors: { ready: number; running: number; scheduled: number; parked: number }
}

export interface PaymentSummary {
  total: number
  by_status: Record<Payment['status'], number>
  refunded: number
  amounts: { currency: string; total: number; success: number }[]
  methods: { method: Payment['method']; success: number; failed: number }[]
  oldest_pending_at: string | null
}

export interface PaymentSeries {
  from: string
  to: string
  step_ms: number
  points: { accepted: number; settled: number; p50_ms: number | null; p99_ms: number | null }[]
}

export interface WebhookSummary {
  total: number
  by_status: Record<Webhook['status'], number>
  endpoints: ({ endpoint_id: string } & Record<Webhook['status'], number>)[]
}
