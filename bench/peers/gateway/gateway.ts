/** The peer's gateway put together, as Gateway (kit/gateway.ts) is ours: its tables, its API, its worker. */
import { Child } from '../../kit/child.ts'
import type { Servers } from '../../kit/servers.ts'
import { createSchema, emptyTables } from './schema.ts'

/** Of each process's pool, and of each queue's worker: what it does best with here (see bench/README.md). */
const CONNECTIONS = 20
const CONCURRENCY = 100

export class PeerGateway {
  readonly #databaseUrl: string
  readonly #redisUrl: string

  private constructor(databaseUrl: string, redisUrl: string) {
    this.#databaseUrl = databaseUrl
    this.#redisUrl = redisUrl
  }

  /** `webhookPort`: of the merchant's receiver on this machine. */
  static async create(
    servers: Servers,
    name: string,
    redisNumber: number,
    webhookPort: number | null,
  ): Promise<PeerGateway> {
    const databaseUrl = await servers.createDatabase(name)
    await createSchema(databaseUrl, webhookPort === null ? null : `http://127.0.0.1:${webhookPort}/webhooks`)
    return new PeerGateway(databaseUrl, servers.redisUrl(redisNumber))
  }

  async startApi(): Promise<{ process: Child; port: number }> {
    const process = await Child.start('bench/peers/gateway/api.ts')
    return { process, port: await process.call<number>('listen', this.#options) }
  }

  async startWorker(): Promise<Child> {
    const process = await Child.start('bench/peers/gateway/worker.ts')
    await process.call('start', { ...this.#options, concurrency: CONCURRENCY })
    return process
  }

  empty(): Promise<void> {
    return emptyTables(this.#databaseUrl)
  }

  get #options() {
    return { databaseUrl: this.#databaseUrl, redisUrl: this.#redisUrl, connections: CONNECTIONS }
  }
}
