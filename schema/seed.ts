/**
 * The test merchant, so that the README's calls work on a fresh database. Every process may run this at its start: what is
 * there already stays, because its owner may have changed it (rotated the secret, chosen another URL).
 */
import { sql } from 'kysely'
import type { Database } from './database.ts'
import { hashSecret, type Vault } from './secrets.ts'

export const TEST_MERCHANT_ID = '550e8400-e29b-41d4-a716-446655440000'
const TEST_WEBHOOK_SECRET = 'whsec_test_abc123'
const TEST_ENDPOINT_ID = 'whe_TestMerchant0001'
/** Payable again and again, through the checkout too. */
export const TEST_ORDER_IDS: readonly string[] = ['ord_test_001', 'ORDER_123']
const TEST_ORDER = { amount: 50_000, currency: 'INR' }

export interface TestMerchantSeed {
  email: string
  apiKey: string
  apiSecret: string
  /** Where its webhooks go, null: nowhere. */
  webhookUrl: string | null
}

export async function seedTestMerchant(database: Database, vault: Vault, seed: TestMerchantSeed): Promise<void> {
  const { kysely } = database
  await kysely
    .insertInto('merchants')
    .values({
      id: TEST_MERCHANT_ID,
      name: 'Test Merchant',
      email: seed.email,
      test: true,
      webhook_secret: vault.seal(TEST_WEBHOOK_SECRET),
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
  await kysely
    .insertInto('api_keys')
    .values({ key: seed.apiKey, merchant_id: TEST_MERCHANT_ID, secret_hash: hashSecret(seed.apiSecret) })
    // The environment names the secret, so the environment decides.
    .onConflict((conflict) =>
      conflict
        .column('key')
        .doUpdateSet({ secret_hash: hashSecret(seed.apiSecret) })
        .where('api_keys.merchant_id', '=', TEST_MERCHANT_ID),
    )
    .execute()
  await kysely
    .insertInto('orders')
    .values(TEST_ORDER_IDS.map((id) => ({ merchant_id: TEST_MERCHANT_ID, id, ...TEST_ORDER })))
    .onConflict((conflict) => conflict.columns(['merchant_id', 'id']).doNothing())
    .execute()
  if (seed.webhookUrl !== null) await seedEndpoint(database, seed.webhookUrl)
}

async function seedEndpoint({ kysely }: Database, url: string): Promise<void> {
  await kysely
    .insertInto('webhook_endpoints')
    .values({ id: TEST_ENDPOINT_ID, merchant_id: TEST_MERCHANT_ID, url })
    // The same path elsewhere is the same receiver after a start on another port; any other URL is somebody's choice.
    .onConflict((conflict) =>
      conflict
        .column('id')
        .doUpdateSet({ url })
        .where(sql<string>`substring(webhook_endpoints.url from '^https?://[^/]+(/.*)$')`, '=', new URL(url).pathname),
    )
    .execute()
}
