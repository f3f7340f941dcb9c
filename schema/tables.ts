/**
 * The tables as Kysely sees them. Column for column what the migrations made: a column is described there, where the reasons
 * stand, and only typed here. What a database fills in by itself is Generated; nobody updates what belongs to an actor.
 */
import type { ColumnType, Generated, JSONColumnType } from 'kysely'

/** Written as JSON text, read as what it says. */
type Json<Value extends object | null> = JSONColumnType<Value, string | null, string | null>
/** Written as a Date or ISO 8601, read as a Date (milliseconds: a cursor needs the column as text). */
type Timestamp = ColumnType<Date, Date | string, Date | string>
type NullableTimestamp = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>
type DefaultTimestamp = ColumnType<Date, Date | string | undefined, Date | string>
type Timers = ColumnType<Record<string, number>, string | undefined, string>

export interface Tables {
  merchants: MerchantsTable
  api_keys: ApiKeysTable
  audit_log: AuditLogTable
  sessions: SessionsTable
  orders: OrdersTable
  payments: PaymentsTable
  operations: OperationsTable
  refunds: RefundsTable
  mailboxes: MailboxesTable
  inbox: InboxTable
  idempotency_keys: IdempotencyKeysTable
  webhook_endpoints: WebhookEndpointsTable
  events: EventsTable
  webhook_deliveries: WebhookDeliveriesTable
  webhook_attempts: WebhookAttemptsTable
  webhook_replays: WebhookReplaysTable
  journal: JournalTable
  settings: SettingsTable
  'bank.operations': BankOperationsTable
}

export interface MerchantsTable {
  id: string
  num: ColumnType<number, never, never>
  name: string
  email: string
  test: Generated<boolean>
  webhook_secret: Buffer
  previous_webhook_secret: Buffer | null
  previous_webhook_secret_expires_at: NullableTimestamp
  idempotency_mismatch: Generated<'conflict' | 'replay'>
  allowed_origins: Generated<string[]>
  password_hash: Generated<string | null>
  created_at: DefaultTimestamp
}

export interface ApiKeysTable {
  key: string
  merchant_id: string
  kind: Generated<'secret' | 'publishable'>
  name: string | null
  /** null: publishable */
  secret_hash: Buffer | null
  created_at: DefaultTimestamp
  expires_at: NullableTimestamp
  last_used_at: NullableTimestamp
}

export interface AuditLogTable {
  id: string
  merchant_id: string | null
  actor: string
  action: string
  object_id: string | null
  changes: JSONColumnType<Record<string, unknown>, string | undefined, string>
  status: number | null
  request_id: string
  address: string
  created_at: DefaultTimestamp
}

export interface SessionsTable {
  token_hash: Buffer
  /** null: the operator's */
  merchant_id: string | null
  created_at: DefaultTimestamp
  expires_at: Timestamp
}

export interface OrdersTable {
  merchant_id: string
  id: string
  amount: number
  currency: string
  receipt: string | null
  notes: Json<Record<string, unknown> | null>
  client_secret_hash: Buffer | null
  created_at: DefaultTimestamp
}

export interface PaymentsTable {
  id: string
  merchant_id: string
  order_id: string
  amount: number
  currency: string
  method: 'upi' | 'card'
  vpa: string | null
  card_network: string | null
  card_last4: string | null
  instrument: string
  exclusive: Generated<boolean>
  notes: Json<Record<string, unknown> | null>
  status: Generated<'pending' | 'success' | 'failed'>
  canceled: Generated<boolean>
  captured_amount: number | null
  amount_refunded: Generated<number>
  error_code: string | null
  error_description: string | null
  created_at: DefaultTimestamp
  updated_at: DefaultTimestamp
  version: Generated<number>
  last_seq: Generated<number>
  event_seq: Generated<number>
  timers: Timers
  wake_at: NullableTimestamp
}

export interface OperationsTable {
  key: string
  payment_id: string
  kind: 'authorize' | 'capture' | 'void' | 'refund'
  amount: number
  state: 'asking' | 'pending' | 'done' | 'declined'
  bank_ref: string | null
  error_code: string | null
  asked: Generated<number>
  created_at: DefaultTimestamp
  updated_at: DefaultTimestamp
}

export interface RefundsTable {
  id: string
  payment_id: string
  merchant_id: string
  amount: number
  reason: string | null
  notes: Json<Record<string, unknown> | null>
  status: Generated<'pending' | 'processed' | 'failed'>
  error_code: string | null
  error_description: string | null
  created_at: DefaultTimestamp
  processed_at: NullableTimestamp
}

export interface MailboxesTable {
  actor_id: string
  next_seq: number
}

export interface InboxTable {
  actor_id: string
  seq: number
  kind: 'payment' | 'delivery' | 'replay'
  command_id: string
  merchant_id: string
  command: string
  body: Json<Record<string, unknown>>
  reply_to: string | null
  created_at: DefaultTimestamp
  handled_at: NullableTimestamp
  result: Json<Record<string, unknown> | null>
}

export interface IdempotencyKeysTable {
  merchant_id: string
  key: string
  fingerprint: Buffer
  object_id: string
  actor_id: string | null
  command_id: string | null
  status: number | null
  response: string | null
  created_at: DefaultTimestamp
}

export interface WebhookEndpointsTable {
  id: string
  merchant_id: string
  url: string
  events: Generated<string[]>
  enabled: Generated<boolean>
  secret: Buffer | null
  previous_secret: Buffer | null
  previous_secret_expires_at: NullableTimestamp
  retry_intervals: number[] | null
  description: string | null
  timeout_ms: Generated<number>
  headers: Buffer | null
  ordered: Generated<boolean>
  rate_limit: number | null
  signing_key: Buffer | null
  revision: Generated<number>
  disabled_reason: 'merchant' | 'gone' | 'failing' | null
  failing_since: NullableTimestamp
  last_failed_at: NullableTimestamp
  created_at: DefaultTimestamp
}

export interface EventsTable {
  id: string
  merchant_id: string
  payment_id: string | null
  sequence: number
  type: string
  payload: string
  created_at: DefaultTimestamp
}

export interface WebhookDeliveriesTable {
  id: string
  merchant_id: string
  endpoint_id: string
  event_id: string
  event_at: Timestamp
  type: string
  payment_id: string | null
  sequence: number
  status: Generated<'pending' | 'success' | 'failed'>
  attempts: Generated<number>
  response_code: number | null
  last_attempt_at: NullableTimestamp
  replay_id: string | null
  created_at: DefaultTimestamp
  version: Generated<number>
  last_seq: Generated<number>
  timers: Timers
  wake_at: NullableTimestamp
}

export interface WebhookAttemptsTable {
  delivery_id: string
  n: number
  attempt: number
  at: Timestamp
  duration_ms: number
  response_code: number | null
  error: string | null
  request_headers: Json<Record<string, string>>
  response_headers: Json<Record<string, string> | null>
  response_body: string | null
  timings: Json<Record<string, number> | null>
  address: string | null
}

export interface WebhookReplaysTable {
  id: string
  merchant_id: string
  source: 'selected' | 'failed' | 'missing'
  endpoint_id: string | null
  selected: string[] | null
  since: NullableTimestamp
  until: NullableTimestamp
  rate: number
  status: Generated<'running' | 'completed' | 'canceled'>
  total: number | null
  replayed: Generated<number>
  place: string | null
  created_at: DefaultTimestamp
  ended_at: NullableTimestamp
  version: Generated<number>
  last_seq: Generated<number>
  timers: Timers
  wake_at: NullableTimestamp
}

export interface JournalTable {
  actor_id: string
  version: number
  entry: Json<Record<string, unknown>>
  at: DefaultTimestamp
}

export interface SettingsTable {
  name: string
  value: string
}

export interface BankOperationsTable {
  key: string
  kind: 'authorize' | 'capture' | 'void' | 'refund'
  payment: string
  line: number
  amount: number
  currency: string
  outcome: 'approved' | 'declined' | 'silent'
  error_description: string | null
  bank_ref: string
  ready_at: Timestamp
  created_at: DefaultTimestamp
}
