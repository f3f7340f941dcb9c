import { randomBytes } from 'node:crypto'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { freshDatabase } from '../tests/support/index.ts'
import { openDatabase } from './database.ts'
import { secretMatches, Vault } from './secrets.ts'
import { seedTestMerchant, TEST_MERCHANT_ID } from './seed.ts'

const seeding = suite('the test merchant')
const { url, drop } = await freshDatabase()
const database = openDatabase({ url, max: 4, applicationName: 'seed.test' })
const { kysely } = database
const vault = new Vault(randomBytes(32))
const seed = { email: 'test@example.com', apiKey: 'key_test_abc123', apiSecret: 'secret_test_xyz789' }
const endpointUrl = async () => (await kysely.selectFrom('webhook_endpoints').select('url').executeTakeFirst())?.url

seeding.after(async () => {
  await database.close()
  await drop()
})

seeding('any number of processes may seed at once: there is one merchant, with its key and its orders', async () => {
  await Promise.all([1, 2, 3].map(() => seedTestMerchant(database, vault, { ...seed, webhookUrl: null })))
  const merchants = await kysely.selectFrom('merchants').selectAll().execute()
  assert.is(merchants.length, 1)
  assert.is(merchants[0]?.id, TEST_MERCHANT_ID)
  assert.is(vault.open(merchants[0]!.webhook_secret), 'whsec_test_abc123')
  const key = await kysely.selectFrom('api_keys').selectAll().executeTakeFirstOrThrow()
  assert.ok(secretMatches(seed.apiSecret, key.secret_hash as Buffer))
  const orders = await kysely.selectFrom('orders').select(['id', 'amount', 'currency']).orderBy('id').execute()
  assert.equal(orders, [
    { id: 'ORDER_123', amount: 50_000, currency: 'INR' },
    { id: 'ord_test_001', amount: 50_000, currency: 'INR' },
  ])
  assert.is(await endpointUrl(), undefined)
})

seeding('its webhook URL follows the port of a new start, and stays when its owner has chosen another', async () => {
  const start = (webhookUrl: string) => seedTestMerchant(database, vault, { ...seed, webhookUrl })
  await start('http://localhost:8000/demo/webhooks')
  await start('http://localhost:8100/demo/webhooks')
  assert.is(await endpointUrl(), 'http://localhost:8100/demo/webhooks')
  await kysely.updateTable('webhook_endpoints').set({ url: 'https://shop.example/hooks' }).execute()
  await start('http://localhost:8000/demo/webhooks')
  assert.is(await endpointUrl(), 'https://shop.example/hooks')
})

seeding('a start changes neither a rotated webhook secret nor leaves an old API secret', async () => {
  const rotated = vault.seal('whsec_rotated')
  await kysely.updateTable('merchants').set({ webhook_secret: rotated }).execute()
  await seedTestMerchant(database, vault, { ...seed, apiSecret: 'secret_test_new', webhookUrl: null })
  const merchant = await kysely.selectFrom('merchants').select('webhook_secret').executeTakeFirstOrThrow()
  assert.ok(merchant.webhook_secret.equals(rotated))
  const key = await kysely.selectFrom('api_keys').select('secret_hash').executeTakeFirstOrThrow()
  assert.ok(secretMatches('secret_test_new', key.secret_hash as Buffer))
})

seeding.run()
