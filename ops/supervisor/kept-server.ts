/**
 * An embedded server, kept alive: when it dies without being asked to, it is started again, on the port that the
 * children know. Meanwhile they wait, as they would for any database that is away.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { monotonicMs } from '../../runtime/clock.ts'
import type { EmbeddedServer } from '../embedded/server.ts'
import { StopReason } from '../stop-reason.ts'
import { backOffMs, failuresAfter } from './back-off.ts'

export interface KeptServerOptions {
  name: string
  /** `port`: take this one if it is free. */
  start(port: number | undefined): Promise<EmbeddedServer>
  say(line: string): void
  /** It can't be brought back. */
  onLost(reason: unknown): void
}

const MAX_FAILURES = 8

export class KeptServer {
  readonly url: string
  readonly port: number
  readonly adopted: boolean
  readonly #options: KeptServerOptions
  #server: EmbeddedServer
  #stopping = false

  private constructor(options: KeptServerOptions, server: EmbeddedServer) {
    this.url = server.url
    this.port = server.port
    this.adopted = server.adopted
    this.#options = options
    this.#server = server
    this.#watch().catch(options.onLost)
  }

  static async start(options: KeptServerOptions, port: number | undefined): Promise<KeptServer> {
    return new KeptServer(options, await options.start(port))
  }

  async stop(): Promise<void> {
    this.#stopping = true
    await this.#server.stop()
  }

  async #watch(): Promise<void> {
    const { name, start, say } = this.#options
    let startedAt = monotonicMs()
    for (let failures = 0; ; ) {
      await this.#server.ended
      if (this.#stopping) return
      failures = failuresAfter(failures, monotonicMs() - startedAt)
      if (failures > MAX_FAILURES) throw new StopReason(`${name} ended ${MAX_FAILURES} times in a row: see its log`)
      say(`${name} ended; it starts again in ${backOffMs(failures) / 1000} s`)
      await sleep(backOffMs(failures))
      if (this.#stopping) return
      startedAt = monotonicMs()
      this.#server = await start(this.port)
      if (this.#stopping) return this.#server.stop()
      if (this.#server.port !== this.port)
        throw new StopReason(`${name}: port ${this.port} was taken: run npm start again`)
      say(`${name} is back`)
    }
  }
}
