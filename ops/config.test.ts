import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readConfig, readRoles } from './config.ts'
import { StopReason } from './stop-reason.ts'

const config = suite('config')

/** The one line with which a start with these variables stops. */
function lineOf(variables: Record<string, string>): string {
  try {
    readConfig(false, variables)
  } catch (error) {
    assert.instance(error, StopReason)
    return (error as StopReason).message
  }
  throw new Error(`accepted ${JSON.stringify(variables)}`)
}

config('without any variable everything has its default, and both servers are the embedded ones', () => {
  const { databaseUrl, redisUrl, apiPort, dashboardPort, checkoutPort, host, workers, demo, webhookAllowed, ...rest } =
    readConfig(false, {})
  assert.equal([databaseUrl, redisUrl], [null, null])
  assert.equal([host, apiPort, dashboardPort, checkoutPort], ['localhost', 8000, 3000, 3001])
  assert.equal([workers, demo, rest.demoWebhookUrl], [2, false, null])
  assert.not(webhookAllowed.has('127.0.0.1'))
  assert.equal([rest.publicApiUrl, rest.publicCheckoutUrl], ['http://localhost:8000', 'http://localhost:3001'])
  assert.equal(rest.testMerchant, {
    email: 'test@example.com',
    apiKey: 'key_test_abc123',
    apiSecret: 'secret_test_xyz789',
  })
  assert.equal(rest.bank, {
    testMode: false,
    testPaymentSuccess: true,
    testProcessingDelayMs: 1000,
    upiSuccessRate: 0.9,
    cardSuccessRate: 0.95,
    processingDelayMinMs: 5000,
    processingDelayMaxMs: 10000,
  })
})

const wrong: [Record<string, string>, string][] = [
  [{ API_PORT: '80a' }, 'API_PORT is "80a"; allowed is a whole number from 1 to 65535'],
  [{ PORT: '65536' }, 'PORT is "65536"; allowed is a whole number from 1 to 65535'],
  [{ DASHBOARD_PORT: '0' }, 'DASHBOARD_PORT is "0"; allowed is a whole number from 1 to 65535'],
  [{ CHECKOUT_PORT: '-1' }, 'CHECKOUT_PORT is "-1"; allowed is a whole number from 1 to 65535'],
  [{ WORKERS: '0' }, 'WORKERS is "0"; allowed is a whole number from 1 to 64'],
  [{ PARTITIONS: '1.5' }, 'PARTITIONS is "1.5"; allowed is a whole number from 1 to 256'],
  [{ RATE_LIMIT: 'none' }, 'RATE_LIMIT is "none"; allowed is a whole number from 0 to 1000000'],
  [{ DEMO: 'yes' }, 'DEMO is "yes"; allowed is true or false'],
  [{ TEST_MODE: '1' }, 'TEST_MODE is "1"; allowed is true or false'],
  [{ TEST_PAYMENT_SUCCESS: 'maybe' }, 'TEST_PAYMENT_SUCCESS is "maybe"; allowed is true or false'],
  [{ WEBHOOK_RETRY_INTERVALS_TEST: '5' }, 'WEBHOOK_RETRY_INTERVALS_TEST is "5"; allowed is true or false'],
  [{ TEST_PROCESSING_DELAY: '1s' }, 'TEST_PROCESSING_DELAY is "1s"; allowed is a whole number from 0 to 86400000'],
  [{ PROCESSING_DELAY_MIN: 'x' }, 'PROCESSING_DELAY_MIN is "x"; allowed is a whole number from 0 to 86400000'],
  [{ PROCESSING_DELAY_MAX: '10' }, 'PROCESSING_DELAY_MAX is "10"; allowed is a whole number from 5000 to 86400000'],
  [{ UPI_SUCCESS_RATE: '90' }, 'UPI_SUCCESS_RATE is "90"; allowed is a number from 0 to 1, such as 0.95'],
  [{ CARD_SUCCESS_RATE: '.' }, 'CARD_SUCCESS_RATE is "."; allowed is a number from 0 to 1, such as 0.95'],
  [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL is "loud"; allowed is fatal, error, warn, info, debug, trace, silent'],
  [{ TEST_MERCHANT_EMAIL: 'me' }, 'TEST_MERCHANT_EMAIL is "me"; allowed is an e-mail address'],
  [{ TEST_API_KEY: 'key_live_1' }, 'TEST_API_KEY is "key_live_1"; allowed is key_test_ and up to 64 letters or digits'],
  [{ PUBLIC_API_URL: 'shop' }, 'PUBLIC_API_URL is "shop"; allowed is an address that begins with http:// or https://'],
  [
    { PUBLIC_CHECKOUT_URL: 'ftp://shop' },
    'PUBLIC_CHECKOUT_URL is "ftp://shop"; allowed is an address that begins with http:// or https://',
  ],
  [
    { DEMO: 'true', DEMO_WEBHOOK_URL: '/hooks' },
    'DEMO_WEBHOOK_URL is "/hooks"; allowed is an address that begins with http:// or https://',
  ],
  [
    { WEBHOOK_ALLOW_CIDRS: '10.0.0.0/8,10.0.0.0/33' },
    'WEBHOOK_ALLOW_CIDRS is "10.0.0.0/8,10.0.0.0/33"; allowed is address ranges with commas between them, such as 10.0.0.0/8,fd00::/8',
  ],
  [
    { DATABASE_URL: 'mysql://root:pass@db/gateway' },
    'DATABASE_URL is "mysql://root:***@db/gateway"; allowed is postgres://user:password@host:5432/database, with jdbc: before it or not',
  ],
  [
    { REDIS_URL: 'http://:pass@redis' },
    'REDIS_URL is "http://:***@redis"; allowed is redis://, rediss://, redis+sentinel://h1:26379,h2:26379/<master> or redis+cluster://h1:7000,h2:7001',
  ],
  [{ SECRETS_KEY: 'c2hvcnQ=' }, 'SECRETS_KEY is 5 bytes; allowed is 32 bytes in base64 (openssl rand -base64 32)'],
  [
    { OPERATOR_TOKEN: 'hunter2' },
    'OPERATOR_TOKEN is 7 characters; allowed is 16 to 255 printable ASCII characters without a space',
  ],
]
for (const [variables, line] of wrong) {
  config(`stops with one line: ${line}`, () => assert.is(lineOf(variables), line))
}

config('an empty variable is an unset one, as compose files leave them', () => {
  assert.is(readConfig(false, { API_PORT: '', DATABASE_URL: ' ', WORKERS: '' }).apiPort, 8000)
})

config('PORT means the API, and loses to API_PORT', () => {
  assert.is(readConfig(false, { PORT: '9000' }).apiPort, 9000)
  assert.is(readConfig(false, { PORT: '9000', API_PORT: '9001' }).apiPort, 9001)
  assert.is(readConfig(false, { PORT: '9000' }).publicApiUrl, 'http://localhost:9000')
})

config("accepts the original's jdbc address, completed by PGUSER and PGPASSWORD", () => {
  const url = 'jdbc:postgresql://postgres:5432/payment_gateway'
  const read = (variables: Record<string, string>) => readConfig(false, variables).databaseUrl
  assert.is(read({ DATABASE_URL: url }), 'postgresql://postgres:5432/payment_gateway')
  assert.is(
    read({ DATABASE_URL: url, PGUSER: 'gate', PGPASSWORD: 'p@ss' }),
    'postgresql://gate:p%40ss@postgres:5432/payment_gateway',
  )
  assert.is(read({ DATABASE_URL: 'postgres://a:b@h/d', PGUSER: 'gate', PGPASSWORD: 'pass' }), 'postgres://a:b@h/d')
})

config('accepts one Redis, Sentinel and Cluster', () => {
  for (const url of [
    'redis://redis:6379',
    'rediss://:secret@redis:6380/1',
    'redis+sentinel://user:pass@h1:26379,h2:26379/mymaster',
    'redis+cluster://h1:7000,h2:7001',
  ]) {
    assert.is(readConfig(false, { REDIS_URL: url }).redisUrl, url)
  }
})

config('the demo opens loopback and the docker bridge to webhooks, and a set value replaces that', () => {
  const open = (variables: Record<string, string>) =>
    ['127.0.0.1', '::1', '172.17.0.2', '10.0.0.1'].filter((address) =>
      readConfig(true, variables).webhookAllowed.has(address),
    )
  assert.equal(open({}), ['127.0.0.1', '::1', '172.17.0.2'])
  assert.equal(open({ WEBHOOK_ALLOW_CIDRS: '10.0.0.0/8' }), ['10.0.0.1'])
  assert.equal(open({ DEMO: 'false' }), [])
  assert.is(readConfig(true, { API_PORT: '9000' }).demoWebhookUrl, 'http://localhost:9000/demo/webhooks')
})

config("a process's roles are those it names, else what the original's switch says", () => {
  assert.equal(readRoles(['worker', 'sweeper', 'worker'], {}), ['worker', 'sweeper'])
  assert.equal(readRoles([], {}), ['api'])
  assert.equal(readRoles([], { SPRING_PROFILES_ACTIVE: 'default' }), ['api'])
  assert.equal(readRoles([], { SPRING_PROFILES_ACTIVE: 'worker' }), ['worker'])
  assert.equal(readRoles(['api'], { SPRING_PROFILES_ACTIVE: 'worker' }), ['api'])
  assert.throws(() => readRoles(['boss'], {}), '"boss" is not a role')
  assert.throws(() => readRoles([], { SPRING_PROFILES_ACTIVE: 'prod' }), 'SPRING_PROFILES_ACTIVE is "prod"')
})

config.run()
