/**
 * One real process of the gateway, for tests that stop, freeze and kill it: `node ops/main.ts <role>` with settings of its
 * own and its words in a file, because a pipe that nobody reads would stop the process sooner than any fault.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Role } from '../../ops/config.ts'
import type { Report } from '../../ops/report.ts'
import { SETTINGS } from '../../ops/settings.ts'

export interface RoleOptions {
  role: Role
  /** Its log; another process's words are kept. */
  logPath: string
  /** Beside this shell's environment, of which no setting of the gateway is handed on. */
  settings: NodeJS.ProcessEnv
  /** For Node itself, such as `--import`. */
  nodeOptions?: string[]
}

/** Whoever ends without ending them takes them along, the frozen ones too, who do not hear that their channel is closed. */
const launched = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of launched) child.kill('SIGKILL')
})

const MAIN = join(import.meta.dirname, '..', '..', 'ops', 'main.ts')
/** A machine that also runs a dozen other tests. */
const START_LIMIT_MS = 60_000

export class RoleProcess {
  readonly role: Role
  readonly pid: number
  /** Settles when it has started all that its role needs; rejects with its last words when it ends before, or after a minute. */
  readonly ready: Promise<void>
  /** Its exit code, or the signal that it died of. */
  readonly ended: Promise<number | NodeJS.Signals>
  /** What it holds in Redis, as it would tell its supervisor. */
  readonly leases = new Set<string>()
  readonly #child: ChildProcess
  readonly #logPath: string

  constructor({ role, logPath, settings, nodeOptions = [] }: RoleOptions) {
    const log = openSync(logPath, 'a')
    this.role = role
    this.#logPath = logPath
    // The channel tells it when this test is gone, so that nothing outlives a test that was ended.
    this.#child = spawn(process.execPath, [...nodeOptions, MAIN, role], {
      env: { ...withoutSettings(process.env), ...settings },
      stdio: ['ignore', log, log, 'ipc'],
    })
    closeSync(log)
    launched.add(this.#child)
    this.pid = this.#child.pid as number
    this.ended = new Promise((resolve) =>
      this.#child.once('exit', (code, signal) => {
        launched.delete(this.#child)
        resolve(code ?? (signal as NodeJS.Signals))
      }),
    )
    this.ready = this.#heard()
    this.ready.catch(() => {}) // whoever waits for it hears of it
  }

  get alive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  log(): string {
    return readFileSync(this.#logPath, 'utf8')
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** SIGKILL; settles when it is gone. */
  async kill(): Promise<void> {
    this.signal('SIGKILL')
    await this.ended
  }

  /** SIGTERM; settles with its exit code when it has drained. */
  stop(): Promise<number | NodeJS.Signals> {
    this.signal('SIGTERM')
    return this.ended
  }

  async #heard(): Promise<void> {
    let late: NodeJS.Timeout | undefined
    const ready = new Promise<string>((resolve) => {
      this.#child.on('message', (report: Report) => {
        if (report.type === 'ready') return resolve('')
        if (report.gone) this.leases.delete(report.gone)
        if (report.taken) this.leases.add(report.taken)
      })
      late = setTimeout(resolve, START_LIMIT_MS, `was not ready within ${START_LIMIT_MS / 1000} s`)
    })
    const trouble = await Promise.race([ready, this.ended.then((how) => `ended with ${how} before it was ready`)])
    clearTimeout(late)
    if (trouble) throw new Error(`${this.role} ${trouble}:\n${this.log().slice(-2_000)}`)
  }
}

function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const rest = { ...env }
  for (const name of SETTINGS) delete rest[name]
  return rest
}
