/**
 * Tells a container engine whether the gateway process of this container does its work: a server that answers, a worker whose lease in
 * Redis is alive. Exit code 0 or 1, with one line that says what is missing.
 */
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { partitionPrefix } from '../runtime/partitions.ts'
import { openRedis, ready } from '../runtime/redis.ts'
import { ROLES, readConfig } from './config.ts'
import { partitionsFor } from './partitions.ts'

const LIMIT_MS = 3000

/** The container's own process names its roles at the end of its command line. */
function rolesHere(): string[] {
  const words = readFileSync('/proc/1/cmdline', 'utf8').split(/[\0 ]+/)
  return ROLES.filter((role) => words.includes(role))
}

async function checkServer(name: string, port: number, path: string): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(LIMIT_MS) })
  if (!answer.ok) throw new Error(`the ${name} answers ${answer.status}`)
}

/** A lease is named after its host and process, and its score is when it ends. */
async function checkWorker(redisUrl: string, partitions: number): Promise<void> {
  const redis = openRedis(redisUrl, 'commands')
  try {
    await ready(redis)
    const [seconds] = await redis.time()
    const leases = await redis.zrangebyscore(`${partitionPrefix(0, partitions)}leases`, Number(seconds) * 1000, '+inf')
    if (!leases.some((lease) => lease.startsWith(`${hostname()}-`))) throw new Error('no lease of this worker is alive')
  } finally {
    redis.disconnect()
  }
}

async function main(): Promise<void> {
  const { apiPort, dashboardPort, checkoutPort, redisUrl, partitions } = readConfig()
  const roles = rolesHere()
  if (roles.includes('api')) await checkServer('API', apiPort, '/health/live')
  if (roles.includes('dashboard')) await checkServer('dashboard', dashboardPort, '/health')
  if (roles.includes('checkout')) await checkServer('checkout', checkoutPort, '/health')
  if (roles.includes('worker') && redisUrl) await checkWorker(redisUrl, partitionsFor(redisUrl, partitions))
}

main().catch((error: Error) => {
  console.error(error.message)
  process.exit(1)
})
