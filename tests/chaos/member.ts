/**
 * A process of the gateway under chaos: killed, frozen and started again, with wires of its own to everything it talks to. A place,
 * not a process: `worker-2` is whoever sits there now.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Role } from '../../ops/config.ts'
import { until } from '../contract/until.ts'
import { RoleProcess } from '../fleet/role.ts'
import type { Link } from './link.ts'

export interface Crash {
  member: string
  wasReady: boolean
  /** Exit code, or the signal that it died of. */
  how: number | NodeJS.Signals
  lastWords: string
}

export interface MemberOptions {
  name: string
  role: Role
  /** Its log and its clock go there. */
  folder: string
  settings: NodeJS.ProcessEnv
  links: { postgres: Link; redis: Link; bank: Link }
  /** It ended, and nobody had asked for it; it is started again. `wasReady`: else it was a start that failed. */
  onCrash(crash: Crash): void
}

const RESTART_MS = 500
const UP_LIMIT_MS = 90_000
const CLOCK = join(import.meta.dirname, 'clock.ts')

export class Member {
  readonly name: string
  readonly role: Role
  readonly links: readonly Link[]
  readonly #options: MemberOptions
  readonly #clockPath: string
  readonly #logPath: string
  #process: RoleProcess | null = null
  /** Whoever sits here is meant to end. */
  #ending = false
  #frozen = false
  #ready = false

  constructor(options: MemberOptions) {
    const { name, role, folder, links } = options
    this.name = name
    this.role = role
    this.links = Object.values(links)
    this.#options = options
    this.#clockPath = join(folder, `${name}.clock`)
    this.#logPath = join(folder, `${name}.log`)
    writeFileSync(this.#clockPath, '0')
  }

  /** Null while the place is empty. */
  get process(): RoleProcess | null {
    return this.#process
  }

  /** It is ready for work, and not frozen. */
  get isUp(): boolean {
    return this.#ready && this.#process?.alive === true && !this.#frozen
  }

  /** Takes the place; settles when it is ready. */
  async start(): Promise<void> {
    this.#ending = false
    this.#ready = false
    const process = new RoleProcess({
      role: this.role,
      logPath: this.#logPath,
      settings: { ...this.#options.settings, CHAOS_CLOCK: this.#clockPath },
      nodeOptions: ['--import', CLOCK],
    })
    this.#process = process
    process.ended.then((how) => this.#onEnd(process, how))
    await process.ready
    this.#ready = true
  }

  /** Starts, and settles when it is up, though a start or two may fail on the way. Throws after a minute and a half. */
  async comeUp(): Promise<void> {
    await this.start().catch(() => {})
    await until(() => this.isUp, UP_LIMIT_MS)
  }

  #onEnd(process: RoleProcess, how: number | NodeJS.Signals): void {
    if (this.#process !== process) return
    this.#process = null
    if (this.#ending) return
    this.#options.onCrash({ member: this.name, wasReady: this.#ready, how, lastWords: process.log().slice(-1_000) })
    // As a supervisor does it. Should that one fail too, its own end brings the next.
    setTimeout(() => this.#process ?? this.start().catch(() => {}), RESTART_MS)
  }

  /** SIGKILL. The place stays empty. */
  async kill(): Promise<void> {
    this.#ending = true
    this.#frozen = false
    await this.#process?.kill()
  }

  /** SIGTERM, and its drain. */
  async stop(): Promise<void> {
    this.#ending = true
    this.thaw()
    await this.#process?.stop()
  }

  freeze(): void {
    this.#frozen = true
    this.#process?.signal('SIGSTOP')
  }

  thaw(): void {
    this.#frozen = false
    this.#process?.signal('SIGCONT')
  }

  /** From now on its wall clock tells another time; 0 is the right one. */
  stepClock(offsetMs: number): void {
    writeFileSync(this.#clockPath, String(offsetMs))
    // Before it listens the signal would end it; and a process that starts reads the file by itself.
    if (this.#ready) this.#process?.signal('SIGUSR2')
  }
}
