/**
 * A whole gateway for a contract test: the API on a free port over a database of its own and, when asked for, a worker with the
 * simulated bank. Tests speak to it as a merchant would: HTTP, and nothing else but a look at the tables.
 */

import { openSimulator } from '../../actors/acquirers/simulator.ts'
import { AddressRanges } from '../../actors/delivery/address-ranges.ts'
import { type Dialler, openDialler } from '../../actors/delivery/dialler.ts'
import { TEST_SCHEDULE } from '../../actors/delivery/schedule.ts'
import { gatewayActors } from '../../actors/gateway.ts'
import { Acceptance, type RuntimeClient } from '../../actors/index.ts'
import { gatewayStorage } from '../../actors/storage.ts'
import { type ApiOptions, startApi } from '../../api/server.ts'
import { connectClient } from '../../runtime/client.ts'
import { openGates } from '../../runtime/gates.ts'
import { Inspector } from '../../runtime/inspector.ts'
import { openRedis } from '../../runtime/redis.ts'
import { startWorker } from '../../runtime/worker.ts'
import { type Database, openDatabase } from '../../schema/database.ts'
import { Vault } from '../../schema/secrets.ts'
import { seedTestMerchant, TEST_MERCHANT_ID } from '../../schema/seed.ts'
import { freshDatabase, freshRedis } from '../support/index.ts'

export const TEST_KEY = 'key_test_abc123'
export const TEST_SECRET = 'secret_test_xyz789'
export const OPERATOR_TOKEN = 'operator-token-of-a-test'

/** The test merchant's credentials, as every call of the README carries them. */
export const CREDENTIALS = { 'x-api-key': TEST_KEY, 'x-api-secret': TEST_SECRET }

export interface Answer {
  status: number
  headers: Headers
  text: string
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into answers of every shape
  body: any
}

export interface CallOptions {
  /** Sent as JSON; a string is sent as it is. */
  body?: unknown
  /** Beside the credentials; null leaves those out. */
  headers?: Record<string, string> | null
}

export interface House {
  url: string
  database: Database
  runtime: RuntimeClient
  /** The worker's; null without one. */
  redisUrl: string | null
  /** Calls the API as the test merchant. */
  call(method: string, path: string, options?: CallOptions): Promise<Answer>
  count(table: string): Promise<number>
  /** Rows of every table that a refused request must leave alone. */
  counts(): Promise<Record<string, number>>
  /** As at the end of its process, while everything else goes on. */
  closeApi(): Promise<void>
  close(): Promise<void>
}

export interface HouseOptions {
  /** Starts a worker on a Redis of its own; without it the API stands alone, with a runtime that has no Redis - or one without a worker. */
  worker: boolean | 'Redis alone'
  demo?: boolean
  /** Where the test merchant's webhooks go. */
  webhookUrl?: string | null
  /** The bank's delay, ms. */
  bankDelayMs?: number
  runtime?: RuntimeClient
  /** None unless set. */
  rateLimit?: ApiOptions['rateLimit']
  publicCheckoutUrl?: string
  /** What the demo can break; nothing unless set. */
  chaos?: ApiOptions['chaos']
  /** Gets every line of the log. */
  log?: string[]
}

const WRITTEN_TABLES = [
  'merchants',
  'orders',
  'payments',
  'refunds',
  'inbox',
  'idempotency_keys',
  'webhook_endpoints',
  'events',
]

export async function openHouse(options: HouseOptions): Promise<House> {
  const { url: databaseUrl, drop } = await freshDatabase()
  const database = openDatabase({ url: databaseUrl, max: 8, applicationName: 'contract test' })
  const vault = new Vault(Buffer.alloc(32, 7))
  const testMerchant = { email: 'test@example.com', apiKey: TEST_KEY }
  await seedTestMerchant(database, vault, {
    ...testMerchant,
    apiSecret: TEST_SECRET,
    webhookUrl: options.webhookUrl ?? null,
  })
  const acquirer = openSimulator({ database, settings: bankSettings(options.bankDelayMs ?? 0) })
  const dialler = openDialler({ open: new AddressRanges(['127.0.0.0/8']) })
  const parts = { database, vault, acquirer, dialler, works: options.worker === true }
  const worker = options.worker ? await openWorker(parts) : null
  const runtime = options.runtime ?? worker?.runtime ?? runtimeWithoutRedis()
  const api = await startApi({
    database,
    acceptance: new Acceptance(database),
    runtime,
    acquirer,
    dialler,
    vault,
    host: '127.0.0.1',
    port: 0,
    operatorToken: OPERATOR_TOKEN,
    rateLimit: options.rateLimit ?? { perSecond: 0, redis: null },
    demo: options.demo ?? false,
    publicCheckoutUrl: options.publicCheckoutUrl ?? 'http://localhost:3001',
    testMerchant: { id: TEST_MERCHANT_ID, ...testMerchant },
    logLevel: options.log ? 'trace' : 'silent',
    log: { write: (line) => void options.log?.push(line) },
    chaos: options.chaos ?? null,
    metrics: async () => 'gateway_up 1\n',
    version: '0.0.0-test',
  })
  const count = async (table: string) => {
    const [row] = await database.run<{ n: number }>({ name: '', text: `select count(*) as n from ${table}` }, [])
    return row?.n ?? 0
  }
  return {
    url: api.url,
    database,
    runtime,
    redisUrl: worker?.redisUrl ?? null,
    call: (method, path, call = {}) => callApi(`${api.url}${path}`, method, call),
    count,
    counts: async () =>
      Object.fromEntries(await Promise.all(WRITTEN_TABLES.map(async (table) => [table, await count(table)]))),
    closeApi: () => api.close(),
    close: async () => {
      await api.close()
      await worker?.close()
      if (!worker) await runtime.close()
      await dialler.close()
      await database.close()
      await drop()
    },
  }
}

async function callApi(url: string, method: string, { body, headers }: CallOptions): Promise<Answer> {
  const text = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body)
  const response = await fetch(url, {
    method,
    headers: {
      ...(headers === null ? {} : CREDENTIALS),
      ...(text === null ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(text === null ? {} : { body: text }),
  })
  const answer = await response.text()
  const json = response.headers.get('content-type')?.startsWith('application/json') && answer !== ''
  return { status: response.status, headers: response.headers, text: answer, body: json ? JSON.parse(answer) : null }
}

function bankSettings(delayMs: number) {
  return {
    testMode: true,
    testPaymentSuccess: true,
    testProcessingDelayMs: delayMs,
    upiSuccessRate: 1,
    cardSuccessRate: 1,
    processingDelayMinMs: delayMs,
    processingDelayMaxMs: delayMs,
  }
}

interface WorkerParts {
  database: Database
  vault: Vault
  acquirer: ReturnType<typeof openSimulator>
  dialler: Dialler
  works: boolean
}

async function openWorker({ database, vault, acquirer, dialler, works }: WorkerParts) {
  const redis = await freshRedis()
  const shared = { redisUrl: redis.url, partitions: 1 }
  const gates = openGates(shared)
  const actors = gatewayActors({ database, acquirer, vault, dialler, schedule: TEST_SCHEDULE, gates })
  const onError = (error: unknown, what: string) => console.error(what, error)
  const worker = works ? await startWorker({ ...shared, actors, onError }) : null
  const runtime = connectClient({ ...shared, kinds: actors.map(({ kind }) => kind), storage: gatewayStorage(database) })
  return {
    runtime,
    redisUrl: redis.url,
    close: async () => {
      await worker?.drain(2_000)
      await gates.close()
      await runtime.close()
      await redis.drop()
    },
  }
}

/** What the API sees of a runtime whose Redis is away: nobody can be rung, nothing can be asked. */
export function runtimeWithoutRedis(): RuntimeClient {
  const nowhere = openRedis('redis://127.0.0.1:1', 'commands')
  return {
    send: () => {},
    ask: async () => undefined,
    canAsk: async () => false,
    gauges: () => Promise.reject(new Error('Redis is away')),
    overloaded: false,
    inspector: new Inspector(nowhere, 1, []),
    replyTo: 'nobody',
    close: async () => nowhere.disconnect(),
  }
}
