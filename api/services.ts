/** What the routes work with, made once a process from what `startApi` is handed. */
import type { Acceptance, Acquirer, Dialler, RuntimeClient } from '../actors/index.ts'
import type { Database } from '../schema/database.ts'
import type { Vault } from '../schema/secrets.ts'
import { Credentials, Operators } from './auth.ts'
import { Changes } from './changes.ts'
import { Commands } from './commands.ts'
import { ListCounts } from './counts.ts'
import { Decisions } from './decisions.ts'
import { Idempotency } from './idempotency.ts'
import { KeyUse } from './key-use.ts'
import type { LineStream } from './log.ts'
import { Orders } from './orders.ts'
import type { RateLimitOptions } from './rate-limit.ts'
import type { Chaos } from './routes/chaos.ts'
import type { LogReader } from './routes/logs.ts'
import { Sessions } from './sessions.ts'

export interface ApiOptions {
  database: Database
  acceptance: Acceptance
  runtime: RuntimeClient
  acquirer: Acquirer
  /** Calls receivers for whoever waits for the outcome: gauntlets, and warnings about URLs. */
  dialler: Dialler
  vault: Vault
  /** Address to listen on. */
  host: string
  /** 0: any free port. */
  port: number
  /** null: no operator, except the test merchant in demo mode. */
  operatorToken: string | null
  rateLimit: RateLimitOptions
  /** The demo's receiver exists, and the test merchant may operate. */
  demo: boolean
  testMerchant: { id: string; email: string; apiKey: string }
  /** pino's names, and `silent`. */
  logLevel: string
  /** Where browsers reach the checkout: its pages may call the API for every merchant. */
  publicCheckoutUrl: string
  /** Where the log's lines go; standard output unless set. */
  log?: LineStream
  /** The last lines of all processes; absent: nobody gathers them. */
  logs?: LogReader
  /** What may be broken on purpose; null outside the demo. */
  chaos: Chaos | null
  /** The text of one scrape by Prometheus. */
  metrics: () => Promise<string>
  /** As /openapi.json tells it. */
  version: string
}

export interface Services extends ApiOptions {
  credentials: Credentials
  sessions: Sessions
  operators: Operators
  keyUse: KeyUse
  idempotency: Idempotency
  commands: Commands
  changes: Changes
  orders: Orders
  counts: ListCounts
}

export function createServices(options: ApiOptions): Services {
  const { database, acceptance, runtime, vault } = options
  const decisions = new Decisions(runtime)
  const idempotency = new Idempotency(acceptance, vault, decisions)
  const sessions = new Sessions(database)
  const operators = new Operators(options)
  const keyUse = new KeyUse(database)
  return {
    ...options,
    idempotency,
    sessions,
    credentials: new Credentials(database, sessions, operators, keyUse),
    operators,
    keyUse,
    commands: new Commands(acceptance, runtime, idempotency, decisions),
    changes: new Changes(database, idempotency),
    orders: new Orders(database, acceptance),
    counts: new ListCounts(database),
  }
}
