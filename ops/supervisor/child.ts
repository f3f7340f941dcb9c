/**
 * A role's process, kept alive: when it dies without being asked to, another takes its place.
 *
 * It has a process group of its own, so that a Ctrl-C in the terminal reaches the supervisor alone, which then stops
 * everybody in order; and a channel to the supervisor, whose end tells it that the supervisor is gone.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { monotonicMs } from '../../runtime/clock.ts'
import type { Role } from '../config.ts'
import { type Report, WILL_NOT_START } from '../report.ts'
import { StopReason } from '../stop-reason.ts'
import { backOffMs, failuresAfter } from './back-off.ts'
import type { RoleLog } from './role-log.ts'

const MAIN = join(import.meta.dirname, '..', 'main.ts')
/** A worker drains for 20 s at most. */
const STOP_LIMIT_MS = 25_000

export interface ChildOptions {
  /** What people call it: `worker-2`. */
  name: string
  role: Role
  env: NodeJS.ProcessEnv
  log: RoleLog
  /** Prints on the screen. */
  say(line: string): void
  /** The number of its process, each time there is a new one. */
  onStart(pid: number): void
  /** What it reports; `died` when its process ended without being asked to. */
  onReport(report: Report | { type: 'died' }): void
  /** Starting another one would not help. */
  onHopeless(reason: StopReason): void
}

export class Child {
  readonly name: string
  /** Settles when the first process has started all its role needs. */
  readonly ready: Promise<void>
  readonly #options: ChildOptions
  #process: ChildProcess | null = null
  #restart: NodeJS.Timeout | undefined
  #startedAt = 0
  #failures = 0
  #stopping = false
  #markReady = () => {}

  constructor(options: ChildOptions) {
    this.name = options.name
    this.#options = options
    this.ready = new Promise((resolve) => {
      this.#markReady = resolve
    })
    this.#spawn()
  }

  /** Asks it to drain; ends it when it has not after 25 s. Settles when it is gone. */
  async stop(): Promise<void> {
    this.#stopping = true
    clearTimeout(this.#restart)
    const child = this.#process
    if (!child) return
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    child.kill('SIGTERM')
    const limit = setTimeout(() => {
      this.#options.say(`did not drain within ${STOP_LIMIT_MS / 1000} s: ended. Its work goes on after the next start`)
      child.kill('SIGKILL')
    }, STOP_LIMIT_MS)
    await ended
    clearTimeout(limit)
  }

  /** Ends it at once. */
  kill(): void {
    this.#stopping = true
    clearTimeout(this.#restart)
    this.#process?.kill('SIGKILL')
  }

  #spawn(): void {
    const { role, env, log, say, onStart, onReport } = this.#options
    const child = spawn(process.execPath, [MAIN, role], {
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    this.#process = child
    this.#startedAt = monotonicMs()
    if (child.pid) onStart(child.pid)
    log.follow(child.stdout!, child.stderr!, say)
    child.on('message', (report: Report) => {
      if (report.type === 'ready') this.#markReady()
      else onReport(report)
    })
    child.once('error', (error) => {
      say(`could not start: ${error.message}`)
      if (child.pid === undefined) this.#gone(1, null) // there is no process whose exit would tell
    })
    child.once('exit', (code, signal) => this.#gone(code, signal))
  }

  #gone(code: number | null, signal: NodeJS.Signals | null): void {
    this.#process = null
    if (this.#stopping) return
    const { name, say, onReport, onHopeless } = this.#options
    onReport({ type: 'died' })
    if (code === WILL_NOT_START) return onHopeless(new StopReason(`${name} can't run: see its line above`))
    this.#failures = failuresAfter(this.#failures, monotonicMs() - this.#startedAt)
    const delayMs = backOffMs(this.#failures)
    say(`died (${signal ?? `exit code ${code}`}); another starts in ${delayMs / 1000} s`)
    this.#restart = setTimeout(() => this.#spawn(), delayMs)
  }
}
