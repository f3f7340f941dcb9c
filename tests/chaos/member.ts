/**
 * A process of the gateway under chaos: killed, frozen and started again, with wires of its own to everything it talks to. A place,
 * not a process: `worker-2` is whoever sits there now.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Role } from '../../ops/config.ts'
import { RoleProcess } from '../fleet/role.ts'
import type { Link } from './link.ts'

export interface MemberOptions {
  name: string
  role: Role
  /** Its log and its clock go there. */
  folder: string
  settings: NodeJS.ProcessEnv
  links: { postgres: Link; redis: Link; bank: Link }
  /** It ended, and nobody had asked for it. */
  onCrash(member: string, how: string): void
}

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
    process.ended.then((how) => {
      if (this.#process === process) this.#process = null
      if (!this.#ending) this.#options.onCrash(this.name, `${how}: ${process.log().slice(-2_000)}`)
    })
    await process.ready
    this.#ready = true
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
