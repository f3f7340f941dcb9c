/**
 * A process of the gateway, by the names of its roles:
 *
 *   node ops/main.ts api
 *   node ops/main.ts worker sweeper
 *
 * It waits for its servers, migrates, starts its roles, and drains them on SIGTERM, on Ctrl-C, and when the supervisor
 * that started it is gone.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { Vault } from '../schema/secrets.ts'
import { type Config, ROLES, type Role, readConfig, readRoles } from './config.ts'
import { type Log, openLog, toStdout } from './log.ts'
import { LogTrail } from './log-trail/trail.ts'
import { prepareDatabase, type Servers } from './prepare.ts'
import { report, WILL_NOT_START } from './report.ts'
import type { PageContext, RoleContext, RunningRole, Stores } from './roles/role.ts'
import { secretsKey } from './secrets-key.ts'
import { onStopSignals } from './signals.ts'
import { explain, StopReason } from './stop-reason.ts'
import { waitForPostgres, waitForRedis } from './wait.ts'

/**
 * What a role can't even start without. Pages start without anything: they say themselves that the API is away. A role is loaded
 * when it is wanted: a worker has no use for a web framework, and five processes that start at once notice.
 */
type RoleStart =
  | { needs: 'postgres' | 'redis'; load(): Promise<(context: RoleContext) => Promise<RunningRole>> }
  | { needs: 'nothing'; load(): Promise<(context: PageContext) => Promise<RunningRole>> }

const STARTS: Record<Role, RoleStart> = {
  api: { needs: 'postgres', load: async () => (await import('./roles/api.ts')).startApiRole },
  worker: { needs: 'redis', load: async () => (await import('./roles/worker.ts')).startWorkerRole },
  sweeper: { needs: 'redis', load: async () => (await import('./roles/sweeper.ts')).startSweeperRole },
  checkout: { needs: 'nothing', load: async () => (await import('./roles/checkout.ts')).startCheckoutRole },
  dashboard: { needs: 'nothing', load: async () => (await import('./roles/dashboard.ts')).startDashboardRole },
}

/** A worker drains for 20 s; what takes longer than this is stuck. */
const DRAIN_LIMIT_MS = 24_000

const running: RunningRole[] = []

async function main(): Promise<void> {
  const named = process.argv.slice(2)
  const roles = readRoles(named)
  // `ps` shows who is who, also where the environment named the role.
  if (named.length === 0) process.title = `gateway ${roles.join(' ')}`
  const config = readConfig()
  const trail = new LogTrail(`${roles.join('+')} ${process.pid}`)
  const log = openLog(roles.join('+'), config.logLevel, (line) => {
    toStdout(line)
    trail.add(line)
  })
  let prepared: Promise<Stores> | undefined
  const stores = () => {
    prepared ??= prepareStores(config, log)
    return prepared
  }
  for (const role of ROLES.toReversed().filter((known) => roles.includes(known))) {
    running.unshift(await startRole(role, { config, log, trail }, stores))
    log.info(`${role} is running`)
  }
  report({ type: 'ready' })
}

async function startRole(role: Role, page: PageContext, stores: () => Promise<Stores>): Promise<RunningRole> {
  const wanted = STARTS[role]
  if (wanted.needs === 'nothing') return (await wanted.load())(page)
  const context = { ...page, ...(await stores()) }
  // Gathered only where there is somebody to read it.
  if (page.config.demo || page.config.operatorToken !== null) page.trail.publish(context.redisUrl)
  if (wanted.needs === 'redis') await waitForRedis(context.redisUrl, page.log.warn)
  return (await wanted.load())(context)
}

async function prepareStores(config: Config, log: Log): Promise<Stores> {
  const servers = serversOf(config)
  const vault = new Vault(secretsKey(config))
  if (process.connected && config.partitions !== null) {
    // Under npm start the supervisor has migrated, once for all of us.
    await waitForPostgres(servers.databaseUrl, log.warn)
    return { ...servers, vault, partitions: config.partitions }
  }
  return { ...servers, vault, partitions: await prepareDatabase(config, servers, vault, log.warn) }
}

function serversOf({ databaseUrl, redisUrl }: Config): Servers {
  const missing = databaseUrl ? (redisUrl ? null : 'REDIS_URL') : 'DATABASE_URL'
  if (missing) throw new StopReason(`${missing} is not set: give it, or run npm start, which brings a server along`)
  return { databaseUrl: databaseUrl as string, redisUrl: redisUrl as string }
}

/** The role that started last drains first: the API, so that the workers still decide what it has accepted. */
async function drain(): Promise<never> {
  const late = sleep(DRAIN_LIMIT_MS, 'late' as const, { ref: false })
  const drained = (async () => {
    for (const role of running) await role.drain()
  })()
  if ((await Promise.race([drained, late])) === 'late') {
    console.error(`did not drain within ${DRAIN_LIMIT_MS / 1000} s: what was under way goes on elsewhere`)
    process.exit(1)
  }
  process.exit(0)
}

function fail(error: unknown): never {
  explain(error)
  process.exit(error instanceof StopReason ? WILL_NOT_START : 1)
}

// A supervisor that was killed takes the other end of our output along; the drain must not die of that.
process.stdout.on('error', () => {})
process.stderr.on('error', () => {})
let draining = false
const stop = () => {
  if (draining) return
  draining = true
  drain().catch(fail)
}
onStopSignals(stop, () => process.exit(1))
process.on('disconnect', stop)
main().catch(fail)
