/** A process beside the gateway, the bank or the receivers, that can be killed and started again on its port, over its files. */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'

/** Whoever ends without ending them takes them along, the frozen ones too. */
const helpers = new Set<Helper>()
process.on('exit', () => {
  for (const helper of helpers) helper.end()
})

export class Helper {
  readonly port: number
  readonly #args: string[]
  readonly #logPath: string
  #child: ChildProcess | null = null

  /** `args`: the program, then its arguments behind the port. */
  constructor(port: number, [program, ...rest]: [string, ...string[]], logPath: string) {
    this.port = port
    this.#args = [program, String(port), ...rest]
    this.#logPath = logPath
  }

  /** Settles when it answers. */
  async start(): Promise<void> {
    const log = openSync(this.#logPath, 'a')
    const child = spawn(process.execPath, this.#args, { stdio: ['ignore', log, log, 'ipc'] })
    closeSync(log)
    this.#child = child
    helpers.add(this)
    await new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve())
      child.once('exit', (code) => reject(new Error(`${this.#args[0]} ended with ${code}: see ${this.#logPath}`)))
    })
  }

  async kill(): Promise<void> {
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await ended
  }

  /** SIGKILL, without waiting. */
  end(): void {
    this.#child?.kill('SIGKILL')
  }

  freeze(): void {
    this.#child?.kill('SIGSTOP')
  }

  thaw(): void {
    this.#child?.kill('SIGCONT')
  }
}
