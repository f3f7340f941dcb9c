/**
 * Everything that a chaos run breaks: an API and workers, PostgreSQL, Redis, a bank and receivers, each a process, and the wires
 * between them. It knows how to be whole; faults.ts knows how to break it.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { freePort } from '../../ops/embedded/port.ts'
import { type Database, openDatabase } from '../../schema/database.ts'
import { newId } from '../../schema/ids.ts'
import { TEST_MERCHANT_ID } from '../../schema/seed.ts'
import { until } from '../contract/until.ts'
import { Merchant } from '../fleet/merchant.ts'
import { OwnServers } from '../fleet/servers.ts'
import { Helper } from './helper.ts'
import { Link } from './link.ts'
import { type Crash, Member } from './member.ts'
import { RECEIVERS, SUBSCRIPTIONS } from './receivers/receiver.ts'

export interface WorldOptions {
  /** Absolute, empty: all data, books and logs of the run. */
  folder: string
  seed: string
  workers: number
  onCrash(crash: Crash): void
}

const SECRET = 'whsec_test_abc123'
const BANK = join(import.meta.dirname, 'bank', 'main.ts')
const RECEIVER = join(import.meta.dirname, 'receivers', 'main.ts')

export class World {
  readonly folder: string
  readonly servers: OwnServers
  readonly bank: Helper
  readonly receivers: Helper
  readonly api: Member
  readonly workers: readonly Member[]
  readonly links: readonly Link[]
  readonly merchant: Merchant
  /** Past all wires, for those who look and those who break. */
  readonly database: Database
  readonly redis: Redis

  private constructor(
    parts: Pick<World, 'folder' | 'servers' | 'bank' | 'receivers' | 'api' | 'workers' | 'links' | 'merchant'>,
  ) {
    this.folder = parts.folder
    this.servers = parts.servers
    this.bank = parts.bank
    this.receivers = parts.receivers
    this.api = parts.api
    this.workers = parts.workers
    this.links = parts.links
    this.merchant = parts.merchant
    this.database = openDatabase({ url: parts.servers.databaseUrl, max: 4, applicationName: 'chaos' })
    this.redis = new Redis(parts.servers.redisUrl, { retryStrategy: () => 100 })
    this.redis.on('error', () => {}) // whoever sends a command hears of it
  }

  static async open({ folder, seed, workers, onCrash }: WorldOptions): Promise<World> {
    mkdirSync(folder, { recursive: true })
    const servers = await OwnServers.start(folder)
    const file = (name: string) => join(folder, name)
    const bank = new Helper(await freePort(), [BANK, file('books.jsonl'), seed], file('bank.log'))
    const receivers = new Helper(await freePort(), [RECEIVER, file('webhooks.jsonl'), SECRET], file('receivers.log'))
    await Promise.all([bank.start(), receivers.start()])
    const ports = { postgres: servers.ports.postgres, redis: servers.ports.redis, bank: bank.port }
    const apiPort = await freePort()
    const links: Link[] = []
    const member = async (name: string, role: 'api' | 'worker'): Promise<Member> => {
      const wire = async (to: keyof typeof ports) => Link.open(`${name} - ${to}`, ports[to])
      const own = { postgres: await wire('postgres'), redis: await wire('redis'), bank: await wire('bank') }
      links.push(...Object.values(own))
      const settings = settingsOf(own, { API_PORT: String(apiPort), DATABASE_URL: servers.databaseUrl })
      return new Member({ name, role, folder, settings, links: own, onCrash })
    }
    const api = await member('api', 'api')
    const all: Member[] = []
    for (let n = 1; n <= workers; n++) all.push(await member(`worker-${n}`, 'worker'))
    const webhooks = await Link.open('workers - receivers', receivers.port)
    links.push(webhooks)
    const merchant = new Merchant(`http://127.0.0.1:${apiPort}`)
    const world = new World({ folder, servers, bank, receivers, api, workers: all, links, merchant })
    await api.start()
    await world.#subscribe(webhooks)
    await Promise.all(all.map((worker) => worker.start()))
    return world
  }

  get members(): readonly Member[] {
    return [this.api, ...this.workers]
  }

  /** Everything runs, and every wire is whole. */
  async heal(): Promise<void> {
    for (const link of this.links) link.heal()
    for (const helper of [this.bank, this.receivers]) helper.thaw()
    for (const member of this.members) {
      member.thaw()
      member.stepClock(0)
    }
    await until(() => this.members.every(({ isUp }) => isUp), 60_000)
  }

  /**
   * The merchant gives the receiver up that never answered: what waits for it may end. Answers the endpoint's id: the line that stands
   * before its gate in Redis is not called any more, and expires by itself.
   */
  async dismissTheGone(): Promise<string> {
    const text = `update webhook_endpoints set enabled = false, disabled_reason = 'merchant', revision = revision + 1
      where description = 'gone' returning id`
    const [gone] = await this.database.run<{ id: string }>({ name: '', text }, [])
    return gone?.id as string
  }

  async close(): Promise<void> {
    await Promise.all(this.members.map((member) => member.kill()))
    await Promise.all([this.bank.kill(), this.receivers.kill()])
    await Promise.all(this.links.map((link) => link.close()))
    this.redis.disconnect()
    await this.database.close()
    await this.servers.stop()
  }

  async #subscribe(webhooks: Link): Promise<void> {
    const nobody = await freePort()
    for (const receiver of RECEIVERS) {
      const { events, intervals } = SUBSCRIPTIONS[receiver]
      const url = `http://127.0.0.1:${receiver === 'gone' ? nobody : webhooks.port}/${receiver}`
      const text = `insert into webhook_endpoints (id, merchant_id, url, events, retry_intervals, description)
        values ($1, $2, $3, $4, $5, $6)`
      await this.#run(text, [newId('whe_'), TEST_MERCHANT_ID, url, events, intervals, receiver])
    }
  }

  async #run(text: string, values: unknown[] = []): Promise<void> {
    await this.database.run({ name: '', text }, values)
  }
}

function settingsOf(
  links: { postgres: Link; redis: Link; bank: Link },
  rest: { API_PORT: string; DATABASE_URL: string },
): NodeJS.ProcessEnv {
  const databaseUrl = new URL(rest.DATABASE_URL)
  databaseUrl.port = String(links.postgres.port)
  return {
    HOST: '127.0.0.1',
    API_PORT: rest.API_PORT,
    DATABASE_URL: databaseUrl.href,
    REDIS_URL: `redis://127.0.0.1:${links.redis.port}`,
    BANK_URL: `http://127.0.0.1:${links.bank.port}`,
    SECRETS_KEY: Buffer.alloc(32, 7).toString('base64'),
    WEBHOOK_RETRY_INTERVALS_TEST: 'true',
    WEBHOOK_ALLOW_CIDRS: '127.0.0.0/8',
    LOG_LEVEL: 'warn',
  }
}
