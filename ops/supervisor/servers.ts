/**
 * The servers of one npm start: those that the settings name, else embedded ones with their data in DATA_DIR. Their
 * ports are written to DATA_DIR/ports.json, for whoever wants to look inside, and taken again at the next start.
 */
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { startPostgres } from '../embedded/postgres.ts'
import { startRedis } from '../embedded/redis.ts'
import { readText, writeWhole } from './data-dir.ts'
import { KeptServer } from './kept-server.ts'

export interface EmbeddedServers {
  postgres: KeptServer | null
  redis: KeptServer | null
}

interface Ports {
  postgres?: number
  redis?: number
}

type Say = (line: string) => void

/** Starts what the settings leave to us, both at once. When one can't be had, the other is stopped again. */
export async function startServers(
  { databaseUrl, redisUrl, dataDir }: Config,
  say: Say,
  onLost: (reason: unknown) => void,
): Promise<EmbeddedServers> {
  const path = join(dataDir, 'ports.json')
  const before = JSON.parse(readText(path) ?? '{}') as Ports
  const kept = (name: string, start: (port: number | undefined) => ReturnType<typeof startPostgres>, port?: number) =>
    KeptServer.start({ name, start, say, onLost }, port)
  const [postgres, redis] = await Promise.allSettled([
    databaseUrl ? null : kept('PostgreSQL', (port) => startPostgres({ dir: dataDir, port }), before.postgres),
    redisUrl ? null : kept('Redis', (port) => startRedis({ dir: dataDir, port, say }), before.redis),
  ])
  const failed = [postgres, redis].find((result) => result.status === 'rejected')
  const servers = { postgres: startedOrNull(postgres), redis: startedOrNull(redis) }
  if (failed) {
    await stopServers(servers)
    throw failed.reason
  }
  const ports: Ports = { postgres: servers.postgres?.port, redis: servers.redis?.port }
  writeWhole(path, `${JSON.stringify(ports)}\n`)
  return servers
}

/** Redis first: it has nothing to write. */
export async function stopServers({ postgres, redis }: EmbeddedServers): Promise<void> {
  await redis?.stop()
  await postgres?.stop()
}

function startedOrNull(result: PromiseSettledResult<KeptServer | null>): KeptServer | null {
  return result.status === 'fulfilled' ? result.value : null
}
