/**
 * The settings: the one place that reads the environment. Everything else is handed what it needs, so that a test, or
 * a second gateway on the same machine, can have settings of its own.
 */
import { resolve } from 'node:path'
import type { SimulatorSettings } from '../actors/acquirers/outcomes.ts'
import { type AddressRanges, parseAddressRanges } from '../actors/delivery/address-ranges.ts'
import { parseRedisUrl } from '../runtime/redis.ts'
import { Environment } from './environment.ts'
import type { Setting } from './settings.ts'
import { StopReason } from './stop-reason.ts'

type Variables = Partial<Record<string, string>>

export const ROLES = ['dashboard', 'checkout', 'api', 'worker', 'sweeper'] as const
export type Role = (typeof ROLES)[number]

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

const DAY_MS = 86_400_000
/** What a demo may reach beside public addresses: this machine, and the containers of a compose file. */
const DEMO_CIDRS = '127.0.0.0/8,::1/128,172.16.0.0/12'
const REDIS_URLS = 'redis://, rediss://, redis+sentinel://h1:26379,h2:26379/<master> or redis+cluster://h1:7000,h2:7001'

export type Config = ReturnType<typeof readConfig>

/**
 * Reads every setting, so that a wrong one stops the start and not the first request that needs it. Throws StopReason.
 * `demo` is what DEMO means when it is unset.
 */
export function readConfig(demoByDefault = false, variables: Variables = process.env) {
  const env = new Environment<Setting>(variables)
  const demo = env.flag('DEMO', demoByDefault)
  const apiPort = port(env, 'API_PORT', port(env, 'PORT', 8000))
  const host = env.text('HOST') ?? 'localhost'
  const checkoutPort = port(env, 'CHECKOUT_PORT', 3001)
  return {
    /** `postgres://...`; null asks for the embedded server. */
    databaseUrl: databaseUrl(env),
    /** Null asks for the embedded server. */
    redisUrl: redisUrl(env),
    /** Absolute. */
    dataDir: resolve(env.text('DATA_DIR') ?? '.data'),
    /** 32 bytes; null when unset (secrets-key.ts decides what follows). */
    secretsKey: secretsKey(env),
    host,
    apiPort,
    dashboardPort: port(env, 'DASHBOARD_PORT', 3000),
    checkoutPort,
    /** Where the other processes reach the API. */
    apiUrl: env.webAddress('API_URL', `http://${callable(host)}:${apiPort}`),
    publicApiUrl: env.webAddress('PUBLIC_API_URL', `http://localhost:${apiPort}`),
    publicCheckoutUrl: env.webAddress('PUBLIC_CHECKOUT_URL', `http://localhost:${checkoutPort}`),
    /** Worker processes under npm start. */
    workers: env.integer('WORKERS', 2, 1, 64),
    /** Null: 1 on one Redis, 16 on a Cluster. */
    partitions: env.text('PARTITIONS') === null ? null : env.integer('PARTITIONS', 1, 1, 256),
    operatorToken: operatorToken(env),
    /** Requests a second and key; 0 is none. Null: none for test merchants, else 500. */
    rateLimit: env.text('RATE_LIMIT') === null ? null : env.integer('RATE_LIMIT', 0, 0, 1_000_000),
    logLevel: env.choice('LOG_LEVEL', 'info', LOG_LEVELS),
    /** Address ranges that webhooks may reach beside public ones. */
    webhookAllowed: addressRanges(env, demo ? DEMO_CIDRS : ''),
    /** True: attempts follow each other in seconds instead of hours. */
    webhookRetryTest: env.flag('WEBHOOK_RETRY_INTERVALS_TEST', false),
    demo,
    /** Where the test merchant's events go; null outside the demo. */
    demoWebhookUrl: demo ? env.webAddress('DEMO_WEBHOOK_URL', `http://localhost:${apiPort}/demo/webhooks`) : null,
    testMerchant: testMerchant(env),
    /** The bank behind HTTP; null: the simulated one, which `bank` describes. */
    bankUrl: env.text('BANK_URL') === null ? null : env.webAddress('BANK_URL', ''),
    bank: bank(env),
  }
}

/** The roles of this process: those that are named, else what the original's switch says. Throws StopReason. */
export function readRoles(named: string[], variables: Variables = process.env): Role[] {
  const unknown = named.find((name) => !ROLES.some((role) => role === name))
  if (unknown) throw new StopReason(`"${unknown}" is not a role; allowed is one or more of ${ROLES.join(', ')}`)
  if (named.length > 0) return [...new Set(named as Role[])]
  const env = new Environment<Setting>(variables)
  return [env.choice('SPRING_PROFILES_ACTIVE', 'default', ['default', 'worker']) === 'worker' ? 'worker' : 'api']
}

/** This process's environment for a child of it, with some settings decided: `null` takes one away. */
export function childEnvironment(decided: Partial<Record<Setting, string | null>>): Variables {
  const env: Variables = { ...process.env }
  for (const [name, value] of Object.entries(decided)) {
    if (value === null) delete env[name]
    else env[name] = value
  }
  return env
}

/** An address to call where `host` is one to listen on: every address of this machine is no address of any. */
export function callable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}

function port(env: Environment<Setting>, name: Setting, otherwise: number): number {
  return env.integer(name, otherwise, 1, 65_535)
}

/** PGUSER and PGPASSWORD complete what the URL leaves out, as the original's compose file does it. */
function databaseUrl(env: Environment<Setting>): string | null {
  const text = env.text('DATABASE_URL')?.replace(/^jdbc:/, '')
  if (!text) return null
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !/^postgres(ql)?:$/.test(url.protocol) || url.pathname.length < 2) {
    throw env.wrong(
      'DATABASE_URL',
      'postgres://user:password@host:5432/database, with jdbc: before it or not',
      redacted(text),
    )
  }
  if (!url.username && !url.searchParams.has('user')) url.username = env.text('PGUSER') ?? ''
  if (!url.password && !url.searchParams.has('password')) url.password = env.text('PGPASSWORD') ?? ''
  return url.href
}

function redisUrl(env: Environment<Setting>): string | null {
  const url = env.text('REDIS_URL')
  if (!url) return null
  try {
    parseRedisUrl(url)
  } catch {
    throw env.wrong('REDIS_URL', REDIS_URLS, redacted(url))
  }
  return url
}

/** A URL as it may be shown: somebody will paste that line into a ticket. */
function redacted(url: string): string {
  return `"${url.replace(/:[^:@/]*@/, ':***@')}"`
}

function secretsKey(env: Environment<Setting>): Buffer | null {
  const text = env.text('SECRETS_KEY')
  if (!text) return null
  const key = Buffer.from(text, 'base64')
  if (key.length !== 32)
    throw env.wrong('SECRETS_KEY', '32 bytes in base64 (openssl rand -base64 32)', `${key.length} bytes`)
  return key
}

function operatorToken(env: Environment<Setting>): string | null {
  const token = env.text('OPERATOR_TOKEN')
  if (token && !/^[\x21-\x7e]{16,255}$/.test(token)) {
    throw env.wrong(
      'OPERATOR_TOKEN',
      '16 to 255 printable ASCII characters without a space',
      `${token.length} characters`,
    )
  }
  return token
}

function addressRanges(env: Environment<Setting>, otherwise: string): AddressRanges {
  try {
    return parseAddressRanges(env.text('WEBHOOK_ALLOW_CIDRS') ?? otherwise)
  } catch {
    throw env.wrong('WEBHOOK_ALLOW_CIDRS', 'address ranges with commas between them, such as 10.0.0.0/8,fd00::/8')
  }
}

function testMerchant(env: Environment<Setting>) {
  return {
    email: env.matching('TEST_MERCHANT_EMAIL', 'test@example.com', /^[^\s@]+@[^\s@]+$/, 'an e-mail address'),
    apiKey: env.matching(
      'TEST_API_KEY',
      'key_test_abc123',
      /^key_test_\w{1,64}$/,
      'key_test_ and up to 64 letters or digits',
    ),
    apiSecret: env.text('TEST_API_SECRET') ?? 'secret_test_xyz789',
  }
}

/** How the simulated bank behaves where the instrument does not say it. */
function bank(env: Environment<Setting>): SimulatorSettings {
  const shortest = env.integer('PROCESSING_DELAY_MIN', 5_000, 0, DAY_MS)
  return {
    testMode: env.flag('TEST_MODE', false),
    testPaymentSuccess: env.flag('TEST_PAYMENT_SUCCESS', true),
    testProcessingDelayMs: env.integer('TEST_PROCESSING_DELAY', 1_000, 0, DAY_MS),
    upiSuccessRate: env.rate('UPI_SUCCESS_RATE', 0.9),
    cardSuccessRate: env.rate('CARD_SUCCESS_RATE', 0.95),
    processingDelayMinMs: shortest,
    processingDelayMaxMs: env.integer('PROCESSING_DELAY_MAX', Math.max(10_000, shortest), shortest, DAY_MS),
  }
}
