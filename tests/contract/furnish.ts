/** Objects with the ids that the document's examples speak of, the test merchant's own. */
import { EXAMPLE_IDS } from '../../api/openapi/examples.ts'
import { hashSecret } from '../../schema/secrets.ts'
import { TEST_MERCHANT_ID } from '../../schema/seed.ts'
import type { House } from './house.ts'

/** Breaks nothing, so that the routes which break things can be called. */
export const HARMLESS = {
  killWorker: async () => 1,
  pauseWorker: async () => 1,
  stopBank: async () => 1,
  flushRedis: async () => {},
}

/** What is there already stays, but for the endpoints: of those there is the examples' one, which the demo's receiver answers. */
export async function furnish({ database: { kysely }, url }: House): Promise<void> {
  const owned = { merchant_id: TEST_MERCHANT_ID }
  const { payment: payment_id, event: event_id, endpoint: endpoint_id } = EXAMPLE_IDS
  const about = { event_id, payment_id, endpoint_id, sequence: 9, type: 'payment.success' }
  const at = new Date()
  await kysely
    .insertInto('orders')
    .values({ ...owned, id: EXAMPLE_IDS.order, amount: 50_000, currency: 'INR' })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const paid = {
    amount: 50_000,
    currency: 'INR',
    method: 'upi' as const,
    instrument: 'sim_upi',
    status: 'success' as const,
  }
  await kysely
    .insertInto('payments')
    .values({ ...owned, ...paid, id: payment_id, order_id: EXAMPLE_IDS.order, vpa: 'success@sim' })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  await kysely
    .insertInto('refunds')
    .values({ ...owned, id: EXAMPLE_IDS.refund, payment_id, amount: 1_000, reason: null })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  await kysely
    .insertInto('api_keys')
    .values({ ...owned, key: EXAMPLE_IDS.apiKey, secret_hash: hashSecret('secret of an example') })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const delivered = await kysely
    .insertInto('webhook_deliveries')
    .values({ ...owned, ...about, id: EXAMPLE_IDS.webhook, event_at: at })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  const payload = '{"event":"payment.success","timestamp":1,"data":{}}'
  const event = { ...owned, id: event_id, payment_id, sequence: 9, type: 'payment.success', payload, created_at: at }
  if (delivered) await kysely.insertInto('events').values(event).execute()
  const replay = { source: 'selected' as const, selected: [EXAMPLE_IDS.webhook], rate: 10, total: 1 }
  await kysely
    .insertInto('webhook_replays')
    .values({ ...owned, ...replay, id: EXAMPLE_IDS.replay })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const key = { key: EXAMPLE_IDS.idempotencyKey, fingerprint: Buffer.alloc(32), status: 201, response: '{}' }
  await kysely
    .insertInto('idempotency_keys')
    .values({ ...owned, ...key, object_id: payment_id })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  await kysely.deleteFrom('webhook_endpoints').where('merchant_id', '=', TEST_MERCHANT_ID).execute()
  await kysely
    .insertInto('webhook_endpoints')
    .values({ ...owned, id: endpoint_id, url: `${url}/demo/webhooks` })
    .execute()
}
