/**
 * The gateway as processes: an API and workers over a database and a Redis of their own, for tests of the promise. No supervisor
 * stands above them, so what a test kills stays dead until the test starts another.
 */
import { join } from 'node:path'
import { type Books, books } from '../../actors/acquirers/books.ts'
import type { Role } from '../../ops/config.ts'
import { freePort } from '../../ops/embedded/port.ts'
import type { Setting } from '../../ops/settings.ts'
import { type Database, openDatabase } from '../../schema/database.ts'
import { type FreshFolder, freshFolder } from '../support/folder.ts'
import { freshDatabase, freshRedis } from '../support/index.ts'
import { Merchant } from './merchant.ts'
import { RoleProcess } from './role.ts'
import { OwnServers } from './servers.ts'

export type Settings = Partial<Record<Setting, string>>

export interface FleetOptions {
  /** 2 unless set. */
  workers?: number
  settings?: Settings
  /** True: servers that the test may stop. Else a database and a number on those of `npm test`. */
  ownServers?: boolean
  /** A Redis that the test has brought along, and ends; the database is one of `npm test`'s. */
  redisUrl?: string
}

const BASE: Settings = {
  HOST: '127.0.0.1',
  SECRETS_KEY: Buffer.alloc(32, 7).toString('base64'),
  TEST_MODE: 'true',
  TEST_PROCESSING_DELAY: '0',
  WEBHOOK_RETRY_INTERVALS_TEST: 'true',
  WEBHOOK_ALLOW_CIDRS: '127.0.0.0/8',
  LOG_LEVEL: 'warn',
}

interface Servers {
  databaseUrl: string
  redisUrl: string
  stop(): Promise<void>
}

export class Fleet {
  readonly url: string
  readonly merchant: Merchant
  /** For a look inside. */
  readonly database: Database
  readonly books: Books
  readonly workers: RoleProcess[] = []
  readonly #folder: FreshFolder
  readonly #servers: Servers
  readonly #settings: Settings
  #api: RoleProcess
  readonly #started: RoleProcess[] = []

  private constructor(folder: FreshFolder, servers: Servers, port: number, settings: Settings) {
    this.url = `http://127.0.0.1:${port}`
    this.merchant = new Merchant(this.url)
    this.#folder = folder
    this.#servers = servers
    this.#settings = {
      ...BASE,
      DATABASE_URL: servers.databaseUrl,
      REDIS_URL: servers.redisUrl,
      API_PORT: String(port),
      ...settings,
    }
    this.database = openDatabase({ url: servers.databaseUrl, max: 4, applicationName: 'test' })
    this.books = books(this.database)
    this.#api = this.#start('api')
  }

  /** Ready for calls. */
  static async open({ workers = 2, settings = {}, ownServers = false, redisUrl }: FleetOptions = {}): Promise<Fleet> {
    const folder = freshFolder()
    const servers = ownServers ? await OwnServers.start(folder.path) : await sharedServers(redisUrl)
    const fleet = new Fleet(folder, servers, await freePort(), settings)
    try {
      await Promise.all([fleet.#api.ready, ...Array.from({ length: workers }, () => fleet.startWorker())])
    } catch (error) {
      await fleet.close()
      throw error
    }
    return fleet
  }

  get api(): RoleProcess {
    return this.#api
  }

  get redisUrl(): string {
    return this.#servers.redisUrl
  }

  /** Those of a fleet that was opened with `ownServers`. */
  get servers(): OwnServers {
    if (this.#servers instanceof OwnServers) return this.#servers
    throw new TypeError('these servers belong to the whole test run: open the fleet with ownServers to stop them')
  }

  /** With settings of its own before the fleet's. Settles when it is ready. */
  async startWorker(settings: Settings = {}): Promise<RoleProcess> {
    const worker = this.#start('worker', settings)
    this.workers.push(worker)
    await worker.ready
    return worker
  }

  /** SIGKILL to the API, and another in its place, with settings of its own before the fleet's. */
  async restartApi(settings: Settings = {}): Promise<void> {
    await this.#api.kill()
    this.#api = this.#start('api', settings)
    await this.#api.ready
  }

  /** SIGKILL to every worker at once. */
  async killWorkers(): Promise<void> {
    await Promise.all(this.workers.splice(0).map((worker) => worker.kill()))
  }

  /** Lets every worker drain and leave. */
  async stopWorkers(): Promise<void> {
    await Promise.all(this.workers.splice(0).map((worker) => worker.stop()))
  }

  /** What all processes so far have said. */
  logs(): string {
    return this.#started.map((process) => process.log()).join('')
  }

  async rows<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
    return await this.database.run<Row>({ name: '', text }, values)
  }

  /** The one number that a statement answers as `n`. */
  async number(text: string, values: unknown[] = []): Promise<number> {
    const [row] = await this.rows<{ n: number }>(text, values)
    return row?.n ?? Number.NaN
  }

  async close(): Promise<void> {
    await this.#api.kill()
    await this.killWorkers()
    await this.database.close()
    await this.#servers.stop()
    this.#folder.drop()
  }

  #start(role: Role, settings: Settings = {}): RoleProcess {
    const logPath = join(this.#folder.path, `${role}-${this.#started.length}.log`)
    const process = new RoleProcess({ role, logPath, settings: { ...this.#settings, ...settings } })
    this.#started.push(process)
    return process
  }
}

async function sharedServers(redisUrl?: string): Promise<Servers> {
  const [database, redis] = await Promise.all([freshDatabase(), redisUrl === undefined ? freshRedis() : null])
  return {
    databaseUrl: database.url,
    redisUrl: redis?.url ?? (redisUrl as string),
    stop: async () => {
      await Promise.all([database.drop(), redis?.drop()])
    },
  }
}
