/**
 * A database server that runs beside us: one we started, or one that an earlier start left running. It lives in a
 * process group of its own, so that a Ctrl-C in the terminal reaches us and not it: the workers' last commits need it.
 */
import type { ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Ending, endProcess, isAlive } from './process.ts'

const ADOPTED_POLL_MS = 500

export class EmbeddedServer {
  readonly url: string
  readonly port: number
  readonly pid: number
  /** True when it was found running. */
  readonly adopted: boolean
  /** Settles when the process is gone, whoever ended it. */
  readonly ended: Promise<void>
  readonly #endings: readonly Ending[]

  constructor(where: { url: string; port: number }, process: ChildProcess | number, endings: readonly Ending[]) {
    this.url = where.url
    this.port = where.port
    this.#endings = endings
    this.adopted = typeof process === 'number'
    this.pid = typeof process === 'number' ? process : (process.pid as number)
    this.ended = typeof process === 'number' ? watch(process) : exit(process)
  }

  /** Ends it in good order and waits until it is gone. Harmless when it is gone already. */
  async stop(): Promise<void> {
    if (isAlive(this.pid)) await endProcess(this.pid, this.#endings)
  }
}

function exit(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => child.once('exit', () => resolve()))
}

/** We are not the parent of an adopted server, so nobody tells us of its end. */
async function watch(pid: number): Promise<void> {
  while (isAlive(pid)) await sleep(ADOPTED_POLL_MS, undefined, { ref: false })
}
