/**
 * The deliveries' half of the truth: rows to states and back, and what a receiver said made fit for a table.
 *
 * What an attempt found out about its endpoint is written to the endpoint's row with the same commit, and only when it is new.
 */
import type { Selectable } from 'kysely'
import type { Commit, Loaded, Store } from '../../runtime/storage.ts'
import type { Database } from '../../schema/database.ts'
import type { WebhookDeliveriesTable, WebhookEndpointsTable } from '../../schema/tables.ts'
import { fromStore } from '../away.ts'
import { commitGroup } from '../commit.ts'
import { isoTime, type LoadedRow, loadedFrom } from '../load.ts'
import type { PaymentEvent } from '../payment/state.ts'
import { type AttemptRow, type Delivery, type Endpoint, type Finding, IN_ORDER, ROOM } from './state.ts'
import { commitDeliveries, loadDeliveries } from './statements.ts'

type Choices = Pick<
  Selectable<WebhookEndpointsTable>,
  | 'url'
  | 'enabled'
  | 'revision'
  | 'retry_intervals'
  | 'timeout_ms'
  | 'headers'
  | 'ordered'
  | 'rate_limit'
  | 'signing_key'
>
type EndpointColumns =
  | (Choices & { has_endpoint: true; failing_since_ms: number | null; last_failed_ms: number | null })
  | { has_endpoint: false }

type Row = Selectable<WebhookDeliveriesTable> &
  LoadedRow &
  EndpointColumns & {
    payload: string
    logged: number
    secret: Buffer
    previous_secret: Buffer | null
    earlier_due_ms: number | null
  }

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** True for what can be a delivery's id at all; anything else must not reach a uuid column, where it would fail its whole group. */
export function isDeliveryId(id: string): boolean {
  return UUID.test(id)
}

export function deliveryStore(database: Database): Store<Delivery, AttemptRow, PaymentEvent> {
  return {
    load: async (ids) =>
      (await fromStore(() => database.run<Row>(loadDeliveries, [ids.filter(isDeliveryId)]))).map(toLoaded),
    commit: (group) => commitGroup(database, commitDeliveries, group, toColumns),
    facts: (delivery) => ({
      status: delivery.status,
      attempts: delivery.attempts,
      response_code: delivery.responseCode,
      last_attempt_at: delivery.lastAttemptAt,
    }),
  }
}

function toLoaded(row: Row): Loaded<Delivery> {
  const loaded = { ...loadedFrom(row), state: toDelivery(row) }
  const { timers, now } = loaded
  if (ROOM in timers) return { ...loaded, timers: { ...timers, [ROOM]: now } }
  if (IN_ORDER in timers && row.earlier_due_ms === null) return { ...loaded, timers: { ...timers, [IN_ORDER]: now } }
  return loaded
}

function toDelivery(row: Row): Delivery {
  return {
    id: row.id,
    merchantId: row.merchant_id,
    endpointId: row.endpoint_id,
    eventId: row.event_id,
    type: row.type,
    paymentId: row.payment_id,
    sequence: row.sequence,
    status: row.status,
    attempts: row.attempts,
    logged: row.logged,
    responseCode: row.response_code,
    lastAttemptAt: row.last_attempt_at && isoTime(row.last_attempt_at),
    createdAt: isoTime(row.created_at),
    replayId: row.replay_id,
    payload: row.payload,
    endpoint: toEndpoint(row),
    earlierDueMs: row.earlier_due_ms,
    finding: null,
  }
}

function toEndpoint(row: Row): Endpoint | null {
  if (!row.has_endpoint) return null
  return {
    url: row.url,
    enabled: row.enabled,
    revision: row.revision,
    secrets: row.previous_secret ? [row.secret, row.previous_secret] : [row.secret],
    signingKey: row.signing_key,
    headers: row.headers,
    retryIntervals: row.retry_intervals,
    timeoutMs: row.timeout_ms,
    rateLimit: row.rate_limit,
    ordered: row.ordered,
    failing:
      row.failing_since_ms === null
        ? null
        : { sinceMs: row.failing_since_ms, lastMs: row.last_failed_ms ?? row.failing_since_ms },
  }
}

const DISABLES: Partial<Record<Finding, 'gone' | 'failing'>> = { gone: 'gone', 'failed for days': 'failing' }

function toColumns({ state, rows }: Commit<Delivery, AttemptRow, PaymentEvent>) {
  // One statement can't upsert a number twice, and only the last word counts.
  const attempts = new Map(rows.map((attempt) => [attempt.n, storable(attempt)]))
  return {
    status: state.status,
    attempts: state.attempts,
    response_code: state.responseCode,
    last_attempt_at: state.lastAttemptAt,
    replay_id: state.replayId,
    attempt_log: [...attempts.values()],
    endpoint_id: state.endpointId,
    revision: state.endpoint?.revision ?? null,
    finding: state.finding,
    disables: (state.finding && DISABLES[state.finding]) ?? null,
    lets_go: state.endpoint?.ordered && state.status !== 'pending' ? state.paymentId : null,
    sequence: state.sequence,
  }
}

/** A receiver may answer with any bytes. A NUL can't stand in a text column, and would fail this delivery's every commit. */
function storable(attempt: AttemptRow): AttemptRow {
  return { ...attempt, responseBody: withoutNul(attempt.responseBody), error: withoutNul(attempt.error) }
}

function withoutNul(text: string | null): string | null {
  return text?.replaceAll('\0', '\uFFFD').toWellFormed() ?? null
}
