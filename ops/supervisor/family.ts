/**
 * The processes of one npm start: the API, a sweeper, the workers and the pages. They are written down in DATA_DIR, so that the
 * next start can end one that outlived a killed supervisor, stuck where no signal from us reaches it any more.
 */
import { join } from 'node:path'
import type { Config, Role } from '../config.ts'
import { commandLine, type Ending, endProcess, isAlive } from '../embedded/process.ts'
import type { Report } from '../report.ts'
import type { StopReason } from '../stop-reason.ts'
import { Child } from './child.ts'
import { readText, writeWhole } from './data-dir.ts'
import { endLeases } from './leases.ts'
import { RoleLog } from './role-log.ts'

export interface FamilyOptions {
  config: Config
  redisUrl: string
  partitions: number
  env: NodeJS.ProcessEnv
  say(line: string): void
  onHopeless(reason: StopReason): void
}

/** Words of a child's command line. */
const OURS = 'ops/main.ts'
const ENDINGS: readonly Ending[] = [
  ['SIGTERM', 2_000],
  ['SIGKILL', 5_000],
]

export class Family {
  readonly #options: FamilyOptions
  readonly #logs = new Map<Role, RoleLog>()
  readonly #pids = new Map<string, number>()
  readonly #pages: Child[]
  readonly #api: Child[]
  readonly #others: Child[]

  constructor(options: FamilyOptions) {
    this.#options = options
    this.#api = [this.#start('api', 'api')]
    this.#pages = [this.#start('dashboard', 'dashboard'), this.#start('checkout', 'checkout')]
    this.#others = [this.#start('sweeper', 'sweeper')]
    for (let n = 1; n <= options.config.workers; n++) this.#others.push(this.#start(`worker-${n}`, 'worker'))
  }

  /** Settles when everybody is running. */
  async ready(): Promise<void> {
    await Promise.all([...this.#pages, ...this.#api, ...this.#others].map((child) => child.ready))
  }

  /** Who calls before who is called: what the API has accepted is still decided by a worker. Settles when everybody is gone. */
  async stop(): Promise<void> {
    for (const part of [this.#pages, this.#api, this.#others]) await Promise.all(part.map((child) => child.stop()))
    for (const log of this.#logs.values()) log.close()
    writeWhole(listPath(this.#options.config.dataDir), '{}')
  }

  /** Ends everybody at once. What was under way goes on after the next start. */
  kill(): void {
    for (const child of [...this.#pages, ...this.#api, ...this.#others]) child.kill()
  }

  #start(name: string, role: Role): Child {
    const { config, env, say, onHopeless } = this.#options
    const leases = new Set<string>()
    const log = this.#logs.get(role) ?? new RoleLog(join(config.dataDir, 'logs', `${role}.log`))
    this.#logs.set(role, log)
    return new Child({
      name,
      role,
      env,
      log,
      say: (line) => say(`${name} | ${line}`),
      onStart: (pid) => this.#note(name, pid),
      onReport: (report) => this.#hear(name, leases, report),
      onHopeless,
    })
  }

  #note(name: string, pid: number): void {
    this.#pids.set(name, pid)
    writeWhole(listPath(this.#options.config.dataDir), JSON.stringify(Object.fromEntries(this.#pids)))
  }

  #hear(name: string, leases: Set<string>, report: Report | { type: 'died' }): void {
    const { redisUrl, partitions, say } = this.#options
    if (report.type === 'lease') {
      if (report.gone) leases.delete(report.gone)
      if (report.taken) leases.add(report.taken)
    }
    if (report.type !== 'died' || leases.size === 0) return
    const held = [...leases]
    leases.clear()
    endLeases(redisUrl, partitions, held).catch((error: Error) =>
      say(`${name} | its work is taken over in some seconds (${error.message})`),
    )
  }
}

/** Ends the processes that an earlier start left behind. */
export async function endEarlierFamily(dataDir: string): Promise<void> {
  const pids = Object.values(JSON.parse(readText(listPath(dataDir)) ?? '{}') as Record<string, number>)
  const ours = pids.filter((pid) => isAlive(pid) && commandLine(pid).includes(OURS))
  await Promise.all(ours.map((pid) => endProcess(pid, ENDINGS)))
}

function listPath(dataDir: string): string {
  return join(dataDir, 'processes.json')
}
