/**
 * The PostgreSQL and the Redis that everything runs against: the embedded ones, as `npm start` runs them, with durability on. Both
 * sides of a comparison share them, each in a database of its own.
 */
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import pg from 'pg'
import { endLeftovers } from '../../ops/embedded/leftovers.ts'
import { startPostgres } from '../../ops/embedded/postgres.ts'
import { isAlive } from '../../ops/embedded/process.ts'
import { startRedis } from '../../ops/embedded/redis.ts'
import { cpuMs, familyCpuMs } from './cpu.ts'

/** In the checkout and not in the system's temporary folder, which may be memory: then a flush to disk would cost nothing. */
const HOME = join(import.meta.dirname, '..', '..', '.data')
const FOLDER = 'bench-'

export interface Servers {
  postgresVersion: string
  redisVersion: string
  /** Numbered database of the one Redis. */
  redisUrl(number?: number): string
  /** A new, empty database. */
  createDatabase(name: string): Promise<string>
  /** For commands of the benchmark's own. */
  redis: Redis
  postgresCpuMs(): number
  redisCpuMs(): number
  stop(): Promise<void>
}

export async function startServers(say: (line: string) => void): Promise<Servers> {
  await clearEarlierRuns()
  const folder = join(HOME, `${FOLDER}${process.pid}`)
  mkdirSync(folder, { recursive: true })
  const [postgres, redisServer] = await Promise.all([startPostgres({ dir: folder }), startRedis({ dir: folder, say })])
  const redis = new Redis(redisServer.url)
  const admin = new pg.Client({ connectionString: postgres.url })
  await admin.connect()
  const { rows } = await admin.query('show server_version')
  return {
    postgresVersion: String(rows[0].server_version).split(' ', 1)[0] as string,
    redisVersion: /redis_version:(\S+)/.exec(await redis.info('server'))?.[1] ?? '',
    redisUrl: (number = 0) => `${redisServer.url}/${number}`,
    async createDatabase(name) {
      await admin.query(`create database ${name}`)
      const url = new URL(postgres.url)
      url.pathname = `/${name}`
      return url.href
    },
    redis,
    postgresCpuMs: () => familyCpuMs(postgres.pid),
    redisCpuMs: () => cpuMs(redisServer.pid),
    async stop() {
      redis.disconnect()
      await admin.end()
      await Promise.all([postgres.stop(), redisServer.stop()])
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** What a run left that was killed. The folder's name says whose it is. */
async function clearEarlierRuns(): Promise<void> {
  mkdirSync(HOME, { recursive: true })
  for (const name of readdirSync(HOME).filter((entry) => entry.startsWith(FOLDER))) {
    if (isAlive(Number(name.slice(FOLDER.length)))) continue
    const folder = join(HOME, name)
    await endLeftovers(folder)
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}
