/**
 * A process of the benchmark's own: a peer, a subject, a load generator. Both sides of every comparison run in such processes, so that
 * neither shares an event loop, a heap or a compiler's warmth with the other or with who measures.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'

interface Answer {
  id: number
  result?: unknown
  error?: string
}

interface Waiting {
  resolve(result: never): void
  reject(error: Error): void
}

const ROOT = join(import.meta.dirname, '..', '..')
const START_LIMIT_MS = 30_000
const END_LIMIT_MS = 10_000

const running = new Set<Child>()
process.on('exit', () => {
  for (const child of running) child.kill()
})

export class Child {
  readonly #process: ChildProcess
  readonly #waiting = new Map<number, Waiting>()
  readonly #ended: Promise<void>
  #calls = 0

  private constructor(child: ChildProcess, name: string) {
    this.#process = child
    child.on('message', (message: Answer) => this.#hear(message))
    this.#ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        running.delete(this)
        for (const { reject } of this.#waiting.values()) reject(new Error(`${name} ended with ${code ?? signal}`))
        resolve()
      })
    })
    running.add(this)
  }

  /** `file` from the repository's root. Ready for calls once it has said so. Rejects when it ends before, or says nothing for 30 s. */
  static async start(file: string, args: string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Child> {
    const child = fork(join(ROOT, file), args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    const started = new Child(child, file)
    await new Promise<void>((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error(`${file} was not ready within 30 s`)), START_LIMIT_MS)
      child.once('exit', (code, signal) =>
        reject(new Error(`${file} ended with ${code ?? signal} before it was ready`)),
      )
      child.on('message', ({ type }: { type?: string }) => {
        if (type !== 'ready') return
        clearTimeout(limit)
        resolve()
      })
    })
    return started
  }

  get pid(): number {
    return this.#process.pid as number
  }

  /** Calls one of its methods (serve.ts). Rejects with what it throws, or when it ends. */
  call<Result>(method: string, ...args: unknown[]): Promise<Result> {
    const id = ++this.#calls
    return new Promise<Result>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#process.send({ id, method, args })
    })
  }

  /** At once and without a word: a crash. */
  kill(): void {
    this.#process.kill('SIGKILL')
  }

  /** In good order; after ten seconds, by force. */
  async end(): Promise<void> {
    this.#process.kill('SIGTERM')
    const limit = setTimeout(() => this.kill(), END_LIMIT_MS)
    await this.#ended
    clearTimeout(limit)
  }

  #hear({ id, result, error }: Answer): void {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (error === undefined) waiting?.resolve(result as never)
    else waiting?.reject(new Error(error))
  }
}
