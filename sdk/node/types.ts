/** What the API takes and answers. Generated from its document by generate.ts; not to be edited. */

export type NewPayment =
  | {
      order_id: string
      amount?: number | null
      currency?: string | null
      notes?: {
        [k: string]: unknown
      } | null
      method: 'upi'
      /**
       * name@bank
       */
      vpa: string
    }
  | {
      order_id: string
      amount?: number | null
      currency?: string | null
      notes?: {
        [k: string]: unknown
      } | null
      method: 'card'
      card?: {
        number: string
        expiry_month: string | number
        expiry_year: string | number
        cvv: string | number
        holder_name?: string | null
      } | null
      card_number?: string | null
      card_expiry?: string | null
      card_cvv?: (string | number) | null
      card_holder_name?: string | null
    }
export type NewWebhookReplay =
  | {
      source: 'selected'
      /**
       * @minItems 1
       * @maxItems 1000
       */
      webhook_ids: string[]
      /**
       * Deliveries a second; 50 by default
       */
      rate?: number
    }
  | {
      source: 'failed'
      /**
       * ISO 8601; created then or later
       */
      from: string
      /**
       * ISO 8601; created before; now by default
       */
      to?: string
      /**
       * whe_...
       */
      endpoint_id?: string
      /**
       * Deliveries a second; 50 by default
       */
      rate?: number
    }
  | {
      source: 'missing'
      /**
       * ISO 8601; created then or later
       */
      from: string
      /**
       * ISO 8601; created before; now by default
       */
      to?: string
      /**
       * whe_...
       */
      endpoint_id: string
      /**
       * Deliveries a second; 50 by default
       */
      rate?: number
    }

export interface AcceptedPayment {
  id: string
  order_id: string
  /**
   * Integer in the currency's smallest unit: 50000 is INR 500.00
   */
  amount: number
  currency: string
  method: 'upi' | 'card'
  vpa?: string | null
  card_network?: string | null
  card_last4?: string | null
  status: 'pending' | 'success' | 'failed'
  /**
   * ISO 8601 UTC
   */
  created_at: string
  notes?: {
    [k: string]: unknown
  }
}
export interface AcceptedRefund {
  id: string
  payment_id: string
  amount: number
  reason: string | null
  status: 'pending' | 'processed' | 'failed'
  /**
   * ISO 8601 UTC
   */
  created_at: string
  notes?: {
    [k: string]: unknown
  }
}
export interface Account {
  merchant: {
    id: string
    name: string
    email: string
    test: boolean
  } | null
  roles: ('merchant' | 'operator')[]
  api_key: string | null
}
export interface AllowedOrigins {
  allowed_origins: string[]
}
export interface ApiKey {
  api_key: string
  kind: 'secret' | 'publishable'
  name: string | null
  status: 'active' | 'ending' | 'ended'
  /**
   * ISO 8601 UTC
   */
  created_at: string
  expires_at: string | null
  last_used_at: string | null
}
export interface ApiKeyRoll {
  /**
   * How long the old key goes on; a day unless said
   */
  grace_seconds?: number
}
export interface AuditLine {
  id: string
  /**
   * ISO 8601 UTC
   */
  created_at: string
  merchant_id: string | null
  /**
   * A key, session, or operator
   */
  actor: string
  action: string
  object_id: string | null
  changes: {
    [k: string]: unknown
  }
  status: number | null
  address: string
  request_id: string
}
export interface AuditQuery {
  /**
   * Rows a page; 10 by default
   */
  limit?: number
  /**
   * Rows to skip; 0 by default
   */
  offset?: number
  /**
   * `next_cursor` of the page before; not with offset
   */
  cursor?: string
  /**
   * ISO 8601; created then or later
   */
  from?: string
  /**
   * ISO 8601; created before. A date alone includes that day
   */
  to?: string
  action?: string
  actor?: string
  object_id?: string
  /**
   * For the operator, who sees all
   */
  merchant_id?: string
}
export interface CheckoutOrigins {
  origins: string[]
}
export interface CheckoutPayment {
  id: string
  order_id: string
  /**
   * Integer in the currency's smallest unit: 50000 is INR 500.00
   */
  amount: number
  currency: string
  method: 'upi' | 'card'
  vpa?: string | null
  card_network?: string | null
  card_last4?: string | null
  status: 'pending' | 'success' | 'failed'
  /**
   * ISO 8601 UTC
   */
  created_at: string
  stage: 'accepted' | 'sent'
  expected_in_ms: number | null
  /**
   * Until a pending one ends by itself
   */
  expires_in_ms: number
  /**
   * ISO 8601 UTC
   */
  updated_at: string
  /**
   * Of a QR code that nobody has paid: what it says
   */
  upi_link?: string
  error_code?: string
  error_description?: string
  /**
   * Hex HMAC-SHA256 of <order_id>|<id> under the webhook secret
   */
  signature?: string
}
export interface CheckoutSession {
  token: string
  /**
   * ISO 8601 UTC
   */
  expires_at: string
  order: {
    id: string
    /**
     * Integer in the currency's smallest unit: 50000 is INR 500.00
     */
    amount: number
    currency: string
    status: 'created' | 'attempted' | 'paid'
    payable: boolean
  }
  merchant: {
    name: string
    test: boolean
  }
  return_url: string | null
}
export interface CreatedApiKey {
  api_key: string
  kind: 'secret' | 'publishable'
  name: string | null
  status: 'active' | 'ending' | 'ended'
  /**
   * ISO 8601 UTC
   */
  created_at: string
  expires_at: string | null
  last_used_at: string | null
  api_secret?: string
}
export interface CreatedMerchant {
  id: string
  name: string
  email: string
  api_key: string
  api_secret: string
  webhook_secret: string
}
export interface CreatedOrder {
  id: string
  merchant_id: string
  /**
   * Integer in the currency's smallest unit: 50000 is INR 500.00
   */
  amount: number
  currency: string
  receipt: string | null
  notes: {
    [k: string]: unknown
  } | null
  status: 'created' | 'attempted' | 'paid'
  /**
   * ISO 8601 UTC
   */
  created_at: string
  /**
   * ISO 8601 UTC
   */
  updated_at: string
  amount_paid: number
  /**
   * Payments of this order, counted up to 9000
   */
  attempts: number
  client_secret: string
}
export interface ErrorBody {
  error: {
    code: string
    description: string
    field?: string
    reason?: string
    request_id?: string
  }
}
export interface EventQuery {
  /**
   * Rows a page; 10 by default
   */
  limit?: number
  /**
   * Rows to skip; 0 by default
   */
  offset?: number
  /**
   * `next_cursor` of the page before; not with offset
   */
  cursor?: string
  /**
   * ISO 8601; created then or later
   */
  from?: string
  /**
   * ISO 8601; created before. A date alone includes that day
   */
  to?: string
  type?: string
  payment_id?: string
}
export interface GatewayEvent {
  id: string
  type: string
  sequence: number
  /**
   * ISO 8601 UTC
   */
  created_at: string
  /**
   * Unix time in seconds, as in its webhook
   */
  timestamp: number
  data: {
    [k: string]: unknown
  }
}
export interface Gauntlet {
  endpoint_id: string
  passed: boolean
  trials: {
    name: string
    expected: 'accepted' | 'refused'
    passed: boolean
    response_code: number | null
    error: string | null
    duration_ms: number
    advice: string | null
  }[]
}
export interface Health {
  status: 'healthy' | 'degraded'
  database: 'connected' | 'disconnected'
  redis: 'connected' | 'disconnected'
  worker: 'running' | 'stopped'
  /**
   * ISO 8601 UTC
   */
  timestamp: string
}
export interface IdempotencyKey {
  key: string
  state: 'answered' | 'undecided'
  object_id: string
  response_status: number | null
  response: unknown
  /**
   * The answer held a secret and is not shown
   */
  secret: boolean
  /**
   * ISO 8601 UTC
   */
  created_at: string
  /**
   * ISO 8601 UTC
   */
  expires_at: string
}
export interface Jobs {
  data: {
    id: string
    /**
     * ISO 8601 UTC
     */
    at: string
    actor_id: string
    version: number
    worker: string
    took_ms: number
    intent: boolean
    messages: {
      kind: 'command' | 'timer'
      name: string
    }[]
    changed: {
      [k: string]: unknown
    } | null
    notes: {
      kind: string
      name: string
      took_ms: number | null
      detail: {
        [k: string]: unknown
      }
    }[]
    timers: string[]
    error: string | null
  }[]
}
export interface JobsStatus {
  pending: number
  processing: number
  completed: number
  failed: number
  worker_status: 'running' | 'stopped'
  actors: {
    ready: number
    running: number
    scheduled: number
    parked: number
  }
}
export interface ListQuery {
  /**
   * Rows a page; 10 by default
   */
  limit?: number
  /**
   * Rows to skip; 0 by default
   */
  offset?: number
  /**
   * `next_cursor` of the page before; not with offset
   */
  cursor?: string
}
export interface Merchant {
  id: string
  name: string
  email: string
  test: boolean
  webhook_url: string | null
  idempotency_mismatch: 'conflict' | 'replay'
  allowed_origins: string[]
  requests_per_second: number | null
  /**
   * ISO 8601 UTC
   */
  created_at: string
}
export interface NewApiKey {
  kind?: 'secret' | 'publishable'
  name?: string | null
}
export interface NewCapture {
  amount?: number | null
}
export interface NewOrder {
  /**
   * Integer in the currency's smallest unit: 50000 is INR 500.00
   */
  amount: number
  currency?: string | null
  receipt?: string | null
  notes?: {
    [k: string]: unknown
  } | null
}
export interface NewRefund {
  amount: number
  reason?: string | null
  notes?: {
    [k: string]: unknown
  } | null
}
export interface NewWebhookEndpoint {
  url: string
  description?: string | null
  /**
   * @minItems 1
   * @maxItems 32
   */
  events?: string[]
  status?: 'enabled' | 'disabled'
  /**
   * Seconds from one attempt to the next, spread by up to 20 %; "75h": ten attempts in three days; null: the gateway's own
   */
  retry_intervals?: number[] | '75h' | null
  timeout_ms?: number
  headers?: {
    [k: string]: string
  } | null
  /**
   * A payment's next event waits until the one before is delivered or given up
   */
  ordered?: boolean
  rate_limit?: number | null
  /**
   * Sign with ed25519 as well (v1a); GET .../public has the key. On again makes a new key
   */
  asymmetric?: boolean
}
export interface Order {
  id: string
  merchant_id: string
  /**
   * Integer in the currency's smallest unit: 50000 is INR 500.00
   */
  amount: number
  currency: string
  receipt: string | null
  notes: {
    [k: string]: unknown
  } | null
  status: 'created' | 'attempted' | 'paid'
  /**
   * ISO 8601 UTC
   */
  created_at: string
  /**
   * ISO 8601 UTC
   */
  updated_at: string
  amount_paid: number
  /**
   * Payments of this order, counted up to 9000
   */
  attempts: number
}
export interface OrderQuery {
  /**
   * Rows a page; 10 by default
   */
  limit?: number
  /**
   * Rows to skip; 0 by default
   */
  offset?: number
  /**
   * `next_cursor` of the page before; not with offset
   */
  cursor?: string
  /**
   * ISO 8601; created then or later
   */
  from?: string
  /**
   * ISO 8601; created before. A date alone includes that day
   */
  to?: string
  status?: 'created' | 'attempted' | 'paid'
  amount?: number
  /**
   * Id or receipt
   */
  q?: string
}
export interface Payment {
  id: string
  order_id: string
  /**
   * Integer in the currency's smallest unit: 50000 is INR 500.00
   */
  amount: number
  currency: string
  method: 'upi' | 'card'
  vpa?: string | null
  card_network?: string | null
  card_last4?: string | null
  status: 'pending' | 'success' | 'failed'
  /**
   * ISO 8601 UTC
   */
  created_at: string
  notes: {
    [k: string]: unknown
  } | null
  captured: boolean
  canceled: boolean
  amount_captured: number
  amount_refunded: number
  refund_status: ('partial' | 'full') | null
  error_code?: string
  error_description?: string
  /**
   * ISO 8601 UTC
   */
  updated_at: string
}
export interface PaymentQuery {
  /**
   * Rows a page; 10 by default
   */
  limit?: number
  /**
   * Rows to skip; 0 by default
   */
  offset?: number
  /**
   * `next_cursor` of the page before; not with offset
   */
  cursor?: string
  /**
   * ISO 8601; created then or later
   */
  from?: string
  /**
   * ISO 8601; created before. A date alone includes that day
   */
  to?: string
  status?: 'pending' | 'success' | 'failed'
  order_id?: string
  method?: 'upi' | 'card'
  amount?: number
  /**
   * Any id, or an order's receipt
   */
  q?: string
  refunded?: 'true' | 'false'
}
export interface PaymentSeries {
  /**
   * ISO 8601 UTC
   */
  from: string
  /**
   * ISO 8601 UTC
   */
  to: string
  step_ms: number
  points: {
    accepted: number
    settled: number
    p50_ms: number | null
    p99_ms: number | null
  }[]
}
export interface PaymentSummary {
  total: number
  by_status: {
    pending: number
    success: number
    failed: number
  }
  refunded: number
  amounts: {
    currency: string
    total: number
    success: number
  }[]
  methods: {
    method: 'upi' | 'card'
    success: number
    failed: number
  }[]
  oldest_pending_at: string | null
}
export interface ProfileChanges {
  name?: string
  email?: string
  idempotency_mismatch?: 'conflict' | 'replay'
}
export interface PublicOrder {
  id: string
  /**
   * Integer in the currency's smallest unit: 50000 is INR 500.00
   */
  amount: number
  currency: string
  status: 'created' | 'attempted' | 'paid'
}
export interface PublicPayment {
  id: string
  order_id: string
  /**
   * Integer in the currency's smallest unit: 50000 is INR 500.00
   */
  amount: number
  currency: string
  method: 'upi' | 'card'
  status: 'pending' | 'success' | 'failed'
  /**
   * ISO 8601 UTC
   */
  created_at: string
}
export interface ReceivedWebhook {
  /**
   * The body as your code has it, as text
   */
  payload: string
  /**
   * The headers as they were received, in any case
   */
  headers: {
    [k: string]: string
  }
  /**
   * The secret that you verify with
   */
  secret: string
}
export interface Refund {
  id: string
  payment_id: string
  amount: number
  reason: string | null
  status: 'pending' | 'processed' | 'failed'
  /**
   * ISO 8601 UTC
   */
  created_at: string
  notes: {
    [k: string]: unknown
  } | null
  processed_at: string | null
  error_code?: string
  error_description?: string
}
export interface RefundQuery {
  /**
   * Rows a page; 10 by default
   */
  limit?: number
  /**
   * Rows to skip; 0 by default
   */
  offset?: number
  /**
   * `next_cursor` of the page before; not with offset
   */
  cursor?: string
  /**
   * ISO 8601; created then or later
   */
  from?: string
  /**
   * ISO 8601; created before. A date alone includes that day
   */
  to?: string
  payment_id?: string
  status?: 'pending' | 'processed' | 'failed'
}
export interface Session {
  token: string
  /**
   * ISO 8601 UTC
   */
  expires_at: string
  account: {
    merchant: {
      id: string
      name: string
      email: string
      test: boolean
    } | null
    roles: ('merchant' | 'operator')[]
    api_key: string | null
  }
}
export interface TestEvent {
  id: string
  event: 'webhook.test'
  status: 'pending'
}
export interface Timeline {
  data: {
    seq: number
    /**
     * ISO 8601 UTC
     */
    at: string
    kind: 'message' | 'attempt' | 'state' | 'event' | 'webhook'
    name: string
    cause: string | null
    duration_ms: number | null
    detail: {
      [k: string]: unknown
    }
  }[]
}
export interface Webhook {
  id: string
  event: string
  status: 'pending' | 'success' | 'failed'
  attempts: number
  /**
   * ISO 8601 UTC
   */
  created_at: string
  last_attempt_at: string | null
  next_retry_at: string | null
  response_code: number | null
  payment_id: string | null
  sequence: number
  endpoint_id: string
  endpoint_url: string | null
  max_attempts: number
}
export interface WebhookConfig {
  webhook_url: string | null
  webhook_secret: string
}
export interface WebhookDetails {
  id: string
  event: string
  status: 'pending' | 'success' | 'failed'
  attempts: number
  /**
   * ISO 8601 UTC
   */
  created_at: string
  last_attempt_at: string | null
  next_retry_at: string | null
  response_code: number | null
  payment_id: string | null
  sequence: number
  endpoint_id: string
  endpoint_url: string | null
  max_attempts: number
  event_id: string
  payload: string
  attempt_log: {
    attempt: number
    /**
     * ISO 8601 UTC
     */
    at: string
    duration_ms: number
    response_code: number | null
    error: string | null
    request_headers: {
      [k: string]: string
    }
    response_headers: {
      [k: string]: string
    } | null
    response_body: string | null
    timings: {
      [k: string]: number | null
    } | null
    address: string | null
  }[]
}
export interface WebhookEndpoint {
  id: string
  url: string
  description: string | null
  events: string[]
  status: 'enabled' | 'disabled'
  disabled_reason: ('merchant' | 'gone' | 'failing') | null
  failing_since: string | null
  retry_intervals: number[] | null
  timeout_ms: number
  headers: {
    [k: string]: string
  }
  ordered: boolean
  rate_limit: number | null
  secret: string
  previous_secret_expires_at: string | null
  public_key: string | null
  /**
   * ISO 8601 UTC
   */
  created_at: string
}
export interface WebhookEndpointChanges {
  url?: string
  description?: string | null
  /**
   * @minItems 1
   * @maxItems 32
   */
  events?: string[]
  status?: 'enabled' | 'disabled'
  /**
   * Seconds from one attempt to the next, spread by up to 20 %; "75h": ten attempts in three days; null: the gateway's own
   */
  retry_intervals?: number[] | '75h' | null
  timeout_ms?: number
  headers?: {
    [k: string]: string
  } | null
  /**
   * A payment's next event waits until the one before is delivered or given up
   */
  ordered?: boolean
  rate_limit?: number | null
  /**
   * Sign with ed25519 as well (v1a); GET .../public has the key. On again makes a new key
   */
  asymmetric?: boolean
}
export interface WebhookExplanation {
  verified: boolean
  summary: string
  signatures: {
    header: string
    received: string
    verified: boolean
    mutations: string[]
    signed_by: string | null
    explanation: string
  }[]
  difference: {
    at: number
    received: string
    sent: string
  } | null
}
export interface WebhookQuery {
  /**
   * Rows a page; 10 by default
   */
  limit?: number
  /**
   * Rows to skip; 0 by default
   */
  offset?: number
  /**
   * `next_cursor` of the page before; not with offset
   */
  cursor?: string
  /**
   * ISO 8601; created then or later
   */
  from?: string
  /**
   * ISO 8601; created before. A date alone includes that day
   */
  to?: string
  status?: 'pending' | 'success' | 'failed'
  /**
   * Its type, such as payment.success
   */
  event?: string
  event_id?: string
  endpoint_id?: string
  payment_id?: string
}
export interface WebhookReplay {
  id: string
  source: 'selected' | 'failed' | 'missing'
  endpoint_id: string | null
  from: string | null
  to: string | null
  rate: number
  status: 'running' | 'completed' | 'canceled'
  total: number | null
  replayed: number
  pending: number
  delivered: number
  failed: number
  /**
   * ISO 8601 UTC
   */
  created_at: string
  ended_at: string | null
}
export interface WebhookSummary {
  total: number
  by_status: {
    pending: number
    success: number
    failed: number
  }
  endpoints: ({
    endpoint_id: string
  } & {
    pending: number
    success: number
    failed: number
  })[]
}
