/**
 * PostgreSQL and Redis of a test's own, to be stopped and started again under the gateway's feet: the same port, the same
 * data for Postgres, nothing kept for Redis.
 */

import { startPostgres } from '../../ops/embedded/postgres.ts'
import { startRedis } from '../../ops/embedded/redis.ts'
import type { EmbeddedServer } from '../../ops/embedded/server.ts'

export class OwnServers {
  readonly #dir: string
  #postgres: EmbeddedServer
  #redis: EmbeddedServer
  #over = false

  private constructor(dir: string, postgres: EmbeddedServer, redis: EmbeddedServer) {
    this.#dir = dir
    this.#postgres = postgres
    this.#redis = redis
  }

  static async start(dir: string): Promise<OwnServers> {
    const [postgres, redis] = await Promise.all([startPostgresIn(dir), startRedisIn(dir)])
    return new OwnServers(dir, postgres, redis)
  }

  get databaseUrl(): string {
    return this.#postgres.url
  }

  get redisUrl(): string {
    return this.#redis.url
  }

  /** Process numbers: the postmaster's, and Redis's. */
  get pids(): { postgres: number; redis: number } {
    return { postgres: this.#postgres.pid, redis: this.#redis.pid }
  }

  get ports(): { postgres: number; redis: number } {
    return { postgres: this.#postgres.port, redis: this.#redis.port }
  }

  stopPostgres(): Promise<void> {
    return this.#postgres.stop()
  }

  async startPostgres(): Promise<void> {
    this.#postgres = await this.#inPlaceOf(this.#postgres, await startPostgresIn(this.#dir, this.#postgres.port))
  }

  stopRedis(): Promise<void> {
    return this.#redis.stop()
  }

  async startRedis(): Promise<void> {
    this.#redis = await this.#inPlaceOf(this.#redis, await startRedisIn(this.#dir, this.#redis.port))
  }

  /** For good: who is starting one of them meanwhile ends it again. */
  async stop(): Promise<void> {
    this.#over = true
    await Promise.all([this.stopRedis(), this.stopPostgres()])
  }

  async #inPlaceOf(before: EmbeddedServer, after: EmbeddedServer): Promise<EmbeddedServer> {
    if (after.port !== before.port) throw new Error(`somebody took port ${before.port} meanwhile`)
    if (this.#over) await after.stop()
    return after
  }
}

function startPostgresIn(dir: string, port?: number): Promise<EmbeddedServer> {
  // Nothing here needs to outlive a power cut; a killed server keeps what it has handed to the system.
  return startPostgres({ dir, port, settings: { fsync: 'off', full_page_writes: 'off' } })
}

function startRedisIn(dir: string, port?: number): Promise<EmbeddedServer> {
  return startRedis({ dir, port, say: console.log })
}
