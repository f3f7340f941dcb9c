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
import { openLog } from './log.ts'
import { prepareDatabase, type Servers } from './prepare.ts'
import { report, WILL_NOT_START } from './report.ts'
import { startApiRole } from './roles/api.ts'
import type { RoleContext, RunningRole } from './roles/role.ts'
import { startSweeperRole } from './roles/sweeper.ts'
import { startWorkerRole } from './roles/worker.ts'
import { secretsKey } from './secrets-key.ts'
import { onStopSignals } from './signals.ts'
import { explain, StopReason } from './stop-reason.ts'
import { waitForRedis } from './wait.ts'

interface RoleStart {
  start(context: RoleContext): Promise<RunningRole>
  /** Whether it can't even start without Redis. */
  needsRedis: boolean
}

const STARTS: Record<Role, RoleStart> = {
  api: { start: startApiRole, needsRedis: false },
  worker: { start: startWorkerRole, needsRedis: true },
  sweeper: { start: startSweeperRole, needsRedis: true },
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
  const servers = serversOf(config)
  const log = openLog(roles.join('+'), config.logLevel)
  const vault = new Vault(secretsKey(config))
  const partitions = await prepareDatabase(config, servers, vault, log.warn)
  if (roles.some((role) => STARTS[role].needsRedis)) await waitForRedis(servers.redisUrl, log.warn)
  for (const role of ROLES.toReversed().filter((known) => roles.includes(known))) {
    running.unshift(await STARTS[role].start({ config, ...servers, partitions, vault, log }))
    log.info(`${role} is running`)
  }
  report({ type: 'ready' })
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
