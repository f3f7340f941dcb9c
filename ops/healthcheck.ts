/**
 * What a container's health check runs: is the process beside me alive? The API is asked by HTTP; a worker has no port, so
 * its lease is looked at, which it renews only while its loop turns. What other parts do is not this container's health.
 *
 * Exit code 0, or 1 with a line that says why.
 */
import { hostname } from 'node:os'
import { wallMs } from '../runtime/clock.ts'
import { partitionPrefix } from '../runtime/partitions.ts'
import { openRedis, ready } from '../runtime/redis.ts'
import { type Config, ROLES, type Role, readConfig, readRoles } from './config.ts'
import { commandLine } from './embedded/process.ts'
import { partitionsFor } from './partitions.ts'

/** Below what the image allows a check to take. */
const LIMIT_MS = 3_000

const PROBES: Record<Role, (config: Config) => Promise<void>> = {
  api: ({ apiPort }) => answers(`http://127.0.0.1:${apiPort}/health/live`),
  worker: holdsLease,
  // It runs, or the container would have ended: there is nothing of its own that it could have lost.
  sweeper: async () => {},
}

async function answers(url: string): Promise<void> {
  const { status } = await fetch(url, { signal: AbortSignal.timeout(LIMIT_MS) })
  if (status !== 200) throw new Error(`${url} answers ${status}`)
}

async function holdsLease({ redisUrl, partitions }: Config): Promise<void> {
  if (!redisUrl) throw new Error('REDIS_URL is not set')
  const redis = openRedis(redisUrl, 'commands')
  try {
    await ready(redis)
    const prefix = partitionPrefix(0, partitionsFor(redisUrl, partitions))
    const leases = await redis.zrangebyscore(`${prefix}leases`, wallMs(), '+inf')
    if (!leases.some((lease) => lease.startsWith(`${hostname()}-`))) throw new Error('the worker here holds no lease')
  } finally {
    redis.disconnect()
  }
}

/** The roles of the container's first process: its command line ends in them, or the environment names one. */
function rolesHere(): Role[] {
  const words = commandLine(1).split(' ')
  const roles = ROLES.filter((role) => words.includes(role))
  return roles.length > 0 ? roles : readRoles([])
}

try {
  const config = readConfig()
  for (const role of rolesHere()) await PROBES[role](config)
} catch (error) {
  console.error((error as Error).message)
  process.exit(1)
}
