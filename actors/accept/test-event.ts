/** A webhook.test event with its one delivery, due now: to the endpoint that is being tried, and to no other. */
import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../schema/tables.ts'

export interface TestEvent {
  id: string
  merchantId: string
  /** The exact text that is sent. */
  payload: string
  deliveryId: string
  endpointId: string
}

/** One statement, so it is whole on a connection of its own as well as in somebody's transaction. */
export async function addTestEvent(kysely: Kysely<Tables>, event: TestEvent): Promise<void> {
  const { id, merchantId, payload, deliveryId, endpointId } = event
  await sql`
    with event as (
      insert into events (id, merchant_id, sequence, type, payload, created_at)
      values (${id}, ${merchantId}, 0, 'webhook.test', ${payload}, now())
    )
    insert into webhook_deliveries (id, merchant_id, endpoint_id, event_id, event_at, type, sequence, timers, wake_at)
    values (${deliveryId}, ${merchantId}, ${endpointId}, ${id}, now(), 'webhook.test', 0,
      jsonb_build_object('attempt', floor(extract(epoch from now()) * 1000)), now())
  `.execute(kysely)
}
