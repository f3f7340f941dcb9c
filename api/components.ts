/**
 * What answers look like, by name, as /openapi.json lists them. An answer's schema documents and does not filter: the views say
 * what leaves, and the contract tests hold the answers against these.
 */
import { Type } from 'typebox'
import { Amount, Notes, nullable, oneOf, Part } from './schemas.ts'
import { webhookComponents } from './webhook-components.ts'

const Text = Type.String()
const Moment = Type.String({ format: 'date-time', description: 'ISO 8601 UTC' })
const PaymentStatus = oneOf('pending', 'success', 'failed')
const Method = oneOf('upi', 'card')
const Headers = Type.Record(Type.String(), Type.String())
/** In the answer to a creation only where some were sent. */
const givenNotes = { notes: Type.Optional(Notes) }

const acceptedPayment = {
  id: Text,
  order_id: Text,
  amount: Amount,
  currency: Text,
  method: Method,
  vpa: Type.Optional(nullable(Text)),
  card_network: Type.Optional(nullable(Text)),
  card_last4: Type.Optional(nullable(Text)),
  status: PaymentStatus,
  created_at: Moment,
}

const acceptedRefund = {
  id: Text,
  payment_id: Text,
  amount: Part,
  reason: nullable(Text),
  status: oneOf('pending', 'processed', 'failed'),
  created_at: Moment,
}

const order = {
  id: Text,
  merchant_id: Text,
  amount: Amount,
  currency: Text,
  receipt: nullable(Text),
  notes: nullable(Notes),
  status: oneOf('created', 'attempted', 'paid'),
  created_at: Moment,
  updated_at: Moment,
  amount_paid: Type.Integer({ minimum: 0 }),
  attempts: Type.Integer({ minimum: 0, maximum: 9_000, description: 'Payments of this order, counted up to 9000' }),
}

const webhook = {
  id: Text,
  event: Text,
  status: oneOf('pending', 'success', 'failed'),
  attempts: Type.Integer(),
  created_at: Moment,
  last_attempt_at: nullable(Moment),
  next_retry_at: nullable(Moment),
  response_code: nullable(Type.Integer()),
  payment_id: nullable(Text),
  sequence: Type.Integer(),
  endpoint_id: Text,
  endpoint_url: nullable(Text),
  max_attempts: Type.Integer(),
}

const attempt = Type.Object({
  attempt: Type.Integer(),
  at: Moment,
  duration_ms: Type.Integer(),
  response_code: nullable(Type.Integer()),
  error: nullable(Text),
  request_headers: Headers,
  response_headers: nullable(Headers),
  response_body: nullable(Text),
  timings: nullable(Type.Record(Type.String(), nullable(Type.Number()))),
  address: nullable(Text),
})

const apiKey = {
  api_key: Text,
  kind: oneOf('secret', 'publishable'),
  name: nullable(Text),
  status: oneOf('active', 'ending', 'ended'),
  created_at: Moment,
  expires_at: nullable(Moment),
  last_used_at: nullable(Moment),
}

const account = Type.Object({
  merchant: nullable(Type.Object({ id: Text, name: Text, email: Text, test: Type.Boolean() })),
  roles: Type.Array(oneOf('merchant', 'operator')),
  api_key: nullable(Text),
})

const deliveries = Type.Object({ pending: Type.Integer(), success: Type.Integer(), failed: Type.Integer() })

/** The document's named schemas. */
export const components = {
  ...webhookComponents,
  Error: Type.Object({
    error: Type.Object({
      code: Text,
      description: Text,
      field: Type.Optional(Text),
      reason: Type.Optional(Text),
      request_id: Type.Optional(Text),
    }),
  }),
  Order: Type.Object(order),
  CreatedOrder: Type.Object({ ...order, client_secret: Text }),
  PublicOrder: Type.Object({ id: Text, amount: Amount, currency: Text, status: order.status }),
  AcceptedPayment: Type.Object({ ...acceptedPayment, ...givenNotes }),
  CheckoutSession: Type.Object({
    token: Text,
    expires_at: Moment,
    order: Type.Object({ id: Text, amount: Amount, currency: Text, status: order.status, payable: Type.Boolean() }),
    merchant: Type.Object({ name: Text, test: Type.Boolean() }),
    return_url: nullable(Text),
  }),
  CheckoutPayment: Type.Object({
    ...acceptedPayment,
    stage: oneOf('accepted', 'sent'),
    expected_in_ms: nullable(Type.Integer({ description: 'Until the bank is expected to answer; null: nobody knows' })),
    expires_in_ms: Type.Integer({ description: 'Until a pending one ends by itself' }),
    updated_at: Moment,
    upi_link: Type.Optional(Type.String({ description: 'Of a QR code that nobody has paid: what it says' })),
    error_code: Type.Optional(Text),
    error_description: Type.Optional(Text),
    signature: Type.Optional(
      Type.String({ description: 'Hex HMAC-SHA256 of <order_id>|<id> under the webhook secret' }),
    ),
  }),
  CheckoutOrigins: Type.Object({ origins: Type.Array(Text) }),
  AllowedOrigins: Type.Object({ allowed_origins: Type.Array(Text) }),
  Payment: Type.Object({
    ...acceptedPayment,
    notes: nullable(Notes),
    captured: Type.Boolean(),
    canceled: Type.Boolean(),
    amount_captured: Type.Integer(),
    amount_refunded: Type.Integer(),
    refund_status: nullable(oneOf('partial', 'full')),
    error_code: Type.Optional(Text),
    error_description: Type.Optional(Text),
    updated_at: Moment,
  }),
  PaymentSummary: Type.Object({
    total: Type.Integer(),
    by_status: Type.Object({ pending: Type.Integer(), success: Type.Integer(), failed: Type.Integer() }),
    refunded: Type.Integer(),
    amounts: Type.Array(Type.Object({ currency: Text, total: Type.Integer(), success: Type.Integer() })),
    methods: Type.Array(Type.Object({ method: Method, success: Type.Integer(), failed: Type.Integer() })),
    oldest_pending_at: nullable(Moment),
  }),
  Jobs: Type.Object({
    data: Type.Array(
      Type.Object({
        id: Text,
        at: Moment,
        actor_id: Text,
        version: Type.Integer(),
        worker: Text,
        took_ms: Type.Number(),
        intent: Type.Boolean(),
        messages: Type.Array(Type.Object({ kind: oneOf('command', 'timer'), name: Text })),
        changed: nullable(Type.Record(Type.String(), Type.Unknown())),
        notes: Type.Array(
          Type.Object({
            kind: Text,
            name: Text,
            took_ms: nullable(Type.Number()),
            detail: Type.Record(Type.String(), Type.Unknown()),
          }),
        ),
        timers: Type.Array(Text),
        error: nullable(Text),
      }),
    ),
  }),
  PaymentSeries: Type.Object({
    from: Moment,
    to: Moment,
    step_ms: Type.Integer(),
    points: Type.Array(
      Type.Object({
        accepted: Type.Integer(),
        settled: Type.Integer(),
        p50_ms: nullable(Type.Number()),
        p99_ms: nullable(Type.Number()),
      }),
    ),
  }),
  PublicPayment: Type.Object({
    id: Text,
    order_id: Text,
    amount: Amount,
    currency: Text,
    method: Method,
    status: PaymentStatus,
    created_at: Moment,
  }),
  AcceptedRefund: Type.Object({ ...acceptedRefund, ...givenNotes }),
  Refund: Type.Object({
    ...acceptedRefund,
    notes: nullable(Notes),
    processed_at: nullable(Moment),
    error_code: Type.Optional(Text),
    error_description: Type.Optional(Text),
  }),
  Timeline: Type.Object({
    data: Type.Array(
      Type.Object({
        seq: Type.Integer(),
        at: Moment,
        kind: oneOf('message', 'attempt', 'state', 'event', 'webhook'),
        name: Text,
        cause: nullable(Text),
        duration_ms: nullable(Type.Number()),
        detail: Type.Record(Type.String(), Type.Unknown()),
      }),
    ),
  }),
  Event: Type.Object({
    id: Text,
    type: Text,
    sequence: Type.Integer(),
    created_at: Moment,
    timestamp: Type.Integer({ description: 'Unix time in seconds, as in its webhook' }),
    data: Type.Record(Type.String(), Type.Unknown()),
  }),
  Webhook: Type.Object(webhook),
  WebhookDetails: Type.Object({
    ...webhook,
    event_id: Text,
    payload: Text,
    attempt_log: Type.Array(attempt),
  }),
  WebhookSummary: Type.Object({
    total: Type.Integer(),
    by_status: deliveries,
    endpoints: Type.Array(Type.Intersect([Type.Object({ endpoint_id: Text }), deliveries])),
  }),
  WebhookConfig: Type.Object({ webhook_url: nullable(Text), webhook_secret: Text }),
  Merchant: Type.Object({
    id: Text,
    name: Text,
    email: Text,
    test: Type.Boolean(),
    webhook_url: nullable(Text),
    idempotency_mismatch: oneOf('conflict', 'replay'),
    allowed_origins: Type.Array(Text),
    requests_per_second: nullable(Type.Integer()),
    created_at: Moment,
  }),
  ApiKey: Type.Object(apiKey),
  CreatedApiKey: Type.Object({ ...apiKey, api_secret: Type.Optional(Text) }),
  AuditLine: Type.Object({
    id: Text,
    created_at: Moment,
    merchant_id: nullable(Text),
    actor: Type.String({ description: 'A key, session, or operator' }),
    action: Text,
    object_id: nullable(Text),
    changes: Type.Record(Type.String(), Type.Unknown()),
    status: nullable(Type.Integer({ description: 'What was answered; null: the process ended before it was known' })),
    address: Text,
    request_id: Text,
  }),
  IdempotencyKey: Type.Object({
    key: Text,
    state: oneOf('answered', 'undecided'),
    object_id: Text,
    response_status: nullable(Type.Integer()),
    response: Type.Unknown(),
    secret: Type.Boolean({ description: 'The answer held a secret and is not shown' }),
    created_at: Moment,
    expires_at: Moment,
  }),
  Account: account,
  Session: Type.Object({ token: Text, expires_at: Moment, account }),
  CreatedMerchant: Type.Object({
    id: Text,
    name: Text,
    email: Text,
    api_key: Text,
    api_secret: Text,
    webhook_secret: Text,
  }),
  Health: Type.Object({
    status: oneOf('healthy', 'degraded'),
    database: oneOf('connected', 'disconnected'),
    redis: oneOf('connected', 'disconnected'),
    worker: oneOf('running', 'stopped'),
    timestamp: Moment,
  }),
  JobsStatus: Type.Object({
    pending: Type.Integer(),
    processing: Type.Integer(),
    completed: Type.Integer(),
    failed: Type.Integer(),
    worker_status: oneOf('running', 'stopped'),
    actors: Type.Object({
      ready: Type.Integer(),
      running: Type.Integer(),
      scheduled: Type.Integer(),
      parked: Type.Integer(),
    }),
  }),
}

/** A named schema of the document, see `components`. */
export function ref(name: keyof typeof components) {
  return Type.Ref(`${name}#`)
}

/** What every route may answer beside its success. */
export const failures = { default: Type.Ref('Error#') }

/** One page of a list. */
export function listOf(name: keyof typeof components) {
  return Type.Object({
    data: Type.Array(ref(name)),
    total: Type.Integer(),
    total_exact: Type.Optional(Type.Literal(false)),
    limit: Type.Integer(),
    offset: Type.Integer(),
    next_cursor: nullable(Text),
  })
}
