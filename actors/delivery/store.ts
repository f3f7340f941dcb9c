/**
 * The deliveries' half of the truth: rows to states and back, and what a receiver said made fit for a table.
 *
 * An `endpoint.disabled` event that a turn emits disables the delivery's endpoint with the same commit.
 */
import type { Selectable } from 'kysely'
import type { Commit, Loaded, Store } from '../../runtime/storage.ts'
import type { Database } from '../../schema/database.ts'
import type { WebhookDeliveriesTable } from '../../schema/tables.ts'
import { fromStore } from '../away.ts'
import { commitGroup } from '../commit.ts'
import { isoTime, type LoadedRow, loadedFrom } from '../load.ts'
import type { PaymentEvent } from '../payment/state.ts'
import type { AttemptRow, Delivery, Endpoint } from './state.ts'
import { commitDeliveries, loadDeliveries } from './statements.ts'

type EndpointColumns =
  | { has_endpoint: true; url: string; enabled: boolean; retry_intervals: number[] | null }
  | { has_endpoint: false }

type Row = Selectable<WebhookDeliveriesTable> &
  LoadedRow &
  EndpointColumns & { payload: string; logged: number; secret: Buffer; previous_secret: Buffer | null }

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
  return { ...loadedFrom(row), state: toDelivery(row) }
}

function toDelivery(row: Row): Delivery {
  return {
    id: row.id,
    merchantId: row.merchant_id,
    endpointId: row.endpoint_id,
    eventId: row.event_id,
    type: row.type,
    paymentId: row.payment_id,
    status: row.status,
    attempts: row.attempts,
    logged: row.logged,
    responseCode: row.response_code,
    lastAttemptAt: row.last_attempt_at && isoTime(row.last_attempt_at),
    createdAt: isoTime(row.created_at),
    payload: row.payload,
    endpoint: toEndpoint(row),
  }
}

function toEndpoint(row: Row): Endpoint | null {
  if (!row.has_endpoint) return null
  return {
    url: row.url,
    enabled: row.enabled,
    secrets: row.previous_secret ? [row.secret, row.previous_secret] : [row.secret],
    retryIntervals: row.retry_intervals,
  }
}

function toColumns({ state, rows, events }: Commit<Delivery, AttemptRow, PaymentEvent>) {
  // One statement can't upsert a number twice, and only the last word counts.
  const attempts = new Map(rows.map((attempt) => [attempt.n, storable(attempt)]))
  return {
    status: state.status,
    attempts: state.attempts,
    response_code: state.responseCode,
    last_attempt_at: state.lastAttemptAt,
    attempt_log: [...attempts.values()],
    endpoint_id: state.endpointId,
    disables: events.some((event) => event.type === 'endpoint.disabled'),
  }
}

/** A receiver may answer with any bytes. A NUL can't stand in a text column, and would fail this delivery's every commit. */
function storable(attempt: AttemptRow): AttemptRow {
  return { ...attempt, responseBody: withoutNul(attempt.responseBody), error: withoutNul(attempt.error) }
}

function withoutNul(text: string | null): string | null {
  return text?.replaceAll('\0', '\uFFFD').toWellFormed() ?? null
}
