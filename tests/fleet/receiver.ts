/** A merchant's receiver that answers as a test tells it to, and remembers what came, when, and what it said. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Hit {
  /** ms, monotonic: when it came in, and when it was answered. */
  at: number
  answeredAt: number
  /** The event's id, and its type. */
  id: string
  event: string
  /** How often this id has come by now, from 1. */
  attempt: number
  text: string
  headers: Record<string, string>
}

/** The status to answer a webhook with. */
export type Judge = (hit: { event: string; attempt: number }) => number

export class Receiver {
  readonly url: string
  readonly hits: Hit[] = []
  readonly #server: Server

  private constructor(server: Server) {
    this.#server = server
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`
  }

  /** Answers after `delayMs`. */
  static async open(judge: Judge = () => 200, delayMs = 0): Promise<Receiver> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const receiver = new Receiver(server)
    const attempts = new Map<string, number>()
    server.on('request', async (request, response) => {
      const at = performance.now()
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const text = Buffer.concat(chunks).toString()
      const headers = request.headers as Record<string, string>
      const id = headers['webhook-id'] as string
      const attempt = (attempts.get(id) ?? 0) + 1
      attempts.set(id, attempt)
      const { event } = JSON.parse(text) as { event: string }
      if (delayMs > 0) await sleep(delayMs)
      response.writeHead(judge({ event, attempt })).end()
      receiver.hits.push({ at, answeredAt: performance.now(), id, event, attempt, text, headers })
    })
    return receiver
  }

  /** Ids of all events that have come, each once. */
  get ids(): Set<string> {
    return new Set(this.hits.map(({ id }) => id))
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
