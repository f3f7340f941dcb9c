/** One Redis process of a cluster or a Sentinel group, on loopback, with nothing kept: started, asked, stopped, killed. */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { findRedis } from '../../ops/embedded/redis-program.ts'
import { until } from '../contract/until.ts'

export interface NodeOptions {
  port: number
  /** Made if it is not there: its files and its log. */
  dir: string
  /** Command line arguments beside port and folder; a configuration file goes first. */
  args: string[]
}

const START_LIMIT_MS = 20_000

export class RedisNode {
  readonly port: number
  readonly client: Redis
  readonly #child: ChildProcess

  private constructor(port: number, child: ChildProcess) {
    this.port = port
    this.#child = child
    this.client = new Redis({ host: '127.0.0.1', port, retryStrategy: () => 50 })
    this.client.on('error', () => {}) // whoever sends a command hears of it
  }

  /** Settles when it answers. */
  static async start({ port, dir, args }: NodeOptions): Promise<RedisNode> {
    const { program, libraries } = await findRedis(() => {})
    mkdirSync(dir, { recursive: true })
    const log = openSync(join(dir, 'redis.log'), 'a')
    const child = spawn(program, args, {
      cwd: dir,
      stdio: ['ignore', log, log],
      ...(libraries && { env: { LD_LIBRARY_PATH: libraries } }),
    })
    closeSync(log)
    const node = new RedisNode(port, child)
    await until(
      () =>
        node.client.ping().then(
          () => true,
          () => false,
        ),
      START_LIMIT_MS,
    )
    return node
  }

  get alive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** A command that the client has no method for, or whose answer is plain text. */
  ask(command: string, ...args: (string | number)[]): Promise<unknown> {
    return this.client.call(command, ...args)
  }

  /** SIGKILL; settles when it is gone. */
  async kill(): Promise<void> {
    this.client.disconnect()
    if (!this.alive) return
    const ended = new Promise((resolve) => this.#child.once('exit', resolve))
    this.#child.kill('SIGKILL')
    await ended
  }
}
