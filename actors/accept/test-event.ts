/** A webhook.test event with its one delivery, due now: to the endpoint that is being tried, and to no other. */
import type { Database, Statement } from '../../schema/database.ts'

export interface TestEvent {
  id: string
  merchantId: string
  /** The exact text that is sent. */
  payload: string
  deliveryId: string
  endpointId: string
}

const insertTestEvent: Statement = {
  name: 'insert_test_event',
  text: `
with event as (
  insert into events (id, merchant_id, sequence, type, payload, created_at)
  values ($1::text, $2::uuid, 0, 'webhook.test', $3::text, now())
)
insert into webhook_deliveries (id, merchant_id, endpoint_id, event_id, event_at, type, sequence, timers, wake_at)
values ($4::uuid, $2::uuid, $5::text, $1::text, now(), 'webhook.test', 0,
  jsonb_build_object('attempt', floor(extract(epoch from now()) * 1000)), now())`,
}

export async function addTestEvent(database: Database, event: TestEvent): Promise<void> {
  const { id, merchantId, payload, deliveryId, endpointId } = event
  await database.run(insertTestEvent, [id, merchantId, payload, deliveryId, endpointId])
}
