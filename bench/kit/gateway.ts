/** Our gateway as it runs anywhere: its own entry point, a process a role, settings from the environment. */
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { freePort } from '../../ops/embedded/port.ts'
import { SETTINGS } from '../../ops/settings.ts'
import { TEST_MERCHANT_ID } from '../../schema/seed.ts'
import { Child } from './child.ts'
import type { Servers } from './servers.ts'

/** Every payment is about this order and paid like this, on both sides; the bank decides as its settings say. */
export const PAYMENT_CALL = {
  path: '/api/v1/payments',
  headers: {
    'content-type': 'application/json',
    'x-api-key': 'key_test_abc123',
    'x-api-secret': 'secret_test_xyz789',
  },
  body: JSON.stringify({ order_id: 'ord_test_001', method: 'upi', vpa: 'payer@bank' }),
}

/** What a round leaves behind. Merchants, keys, orders and endpoints stay. */
const ROUND_TABLES =
  'payments, operations, refunds, mailboxes, inbox, idempotency_keys, events, webhook_deliveries, webhook_attempts, journal, bank.operations'

const DEADLOCK = '40P01'
const EMPTY_TRIES = 5

export class Gateway {
  readonly databaseUrl: string
  readonly redisUrl: string
  readonly #env: NodeJS.ProcessEnv

  private constructor(databaseUrl: string, redisUrl: string) {
    this.databaseUrl = databaseUrl
    this.redisUrl = redisUrl
    const unset = Object.fromEntries(SETTINGS.map((name) => [name, undefined]))
    this.#env = {
      ...unset,
      DATABASE_URL: databaseUrl,
      REDIS_URL: redisUrl,
      SECRETS_KEY: randomBytes(32).toString('base64'),
      HOST: '127.0.0.1',
      DEMO: 'false',
      RATE_LIMIT: '0',
      LOG_LEVEL: 'warn',
      WEBHOOK_ALLOW_CIDRS: '127.0.0.0/8',
      PROCESSING_DELAY_MIN: '0',
      PROCESSING_DELAY_MAX: '0',
      UPI_SUCCESS_RATE: '1',
    }
  }

  /** A database of its own. Roles start when they are asked for; the first one migrates. */
  static async create(servers: Servers, name: string, redisNumber: number): Promise<Gateway> {
    return new Gateway(await servers.createDatabase(name), servers.redisUrl(redisNumber))
  }

  async startApi(): Promise<{ process: Child; port: number }> {
    const port = await freePort()
    return { process: await this.#start('api', { API_PORT: String(port) }), port }
  }

  startWorker(): Promise<Child> {
    return this.#start('worker', {})
  }

  /** The test merchant's events of one type go to this port of the machine, and nothing else goes anywhere. */
  async subscribe(port: number, type: string): Promise<void> {
    const url = `http://127.0.0.1:${port}/webhooks`
    await this.query('insert into webhook_endpoints (id, merchant_id, url, events) values ($1, $2, $3, $4)', [
      'whe_Benchmark0000001',
      TEST_MERCHANT_ID,
      url,
      [type],
    ])
  }

  /** The round is over for its merchant while the last turns still commit: with those, a truncate can meet in a deadlock, and goes again. */
  async empty(): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        await this.query(`truncate ${ROUND_TABLES}`)
        return
      } catch (error) {
        if ((error as pg.DatabaseError).code !== DEADLOCK || tries === EMPTY_TRIES) throw error
      }
    }
  }

  async query<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.databaseUrl })
    await client.connect()
    try {
      await client.query('set statement_timeout = 0; set lock_timeout = 0')
      return (await client.query<Row>(text, values)).rows
    } finally {
      await client.end()
    }
  }

  #start(role: 'api' | 'worker', settings: NodeJS.ProcessEnv): Promise<Child> {
    return Child.start('ops/main.ts', [role], { ...this.#env, ...settings })
  }
}
