/** The names of the settings: every environment variable that means something here. What they mean: config.ts. */
export const SETTINGS = [
  // the original's
  'DATABASE_URL',
  'PGUSER',
  'PGPASSWORD',
  'REDIS_URL',
  'WEBHOOK_RETRY_INTERVALS_TEST',
  'SPRING_PROFILES_ACTIVE',
  // its family's
  'PORT',
  'TEST_MODE',
  'TEST_PAYMENT_SUCCESS',
  'TEST_PROCESSING_DELAY',
  'UPI_SUCCESS_RATE',
  'CARD_SUCCESS_RATE',
  'PROCESSING_DELAY_MIN',
  'PROCESSING_DELAY_MAX',
  'TEST_MERCHANT_EMAIL',
  'TEST_API_KEY',
  'TEST_API_SECRET',
  // ours
  'API_PORT',
  'DASHBOARD_PORT',
  'CHECKOUT_PORT',
  'HOST',
  'API_URL',
  'PUBLIC_API_URL',
  'PUBLIC_CHECKOUT_URL',
  'DATA_DIR',
  'WORKERS',
  'PARTITIONS',
  'OPERATOR_TOKEN',
  'SECRETS_KEY',
  'RATE_LIMIT',
  'LOG_LEVEL',
  'BANK_URL',
  'WEBHOOK_ALLOW_CIDRS',
  'DEMO',
  'DEMO_WEBHOOK_URL',
] as const

export type Setting = (typeof SETTINGS)[number]
