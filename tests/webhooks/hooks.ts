/** A receiver with as many endpoints as it has paths, each of which answers as its test says, or never. */
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Hook {
  /** ms, monotonic */
  atMs: number
  path: string
  id: string
  event: string
  text: string
  headers: Record<string, string>
}

export type Reply = { status: number; headers?: Record<string, string> } | 'never'

export class Hooks {
  readonly received: Hook[] = []
  readonly #server = createServer()
  readonly #answers = new Map<string, (hook: Hook) => Reply>()
  readonly #open = new Set<ServerResponse>()
  /** The most calls that were open at once, by path. */
  readonly atOnce = new Map<string, number>()

  static async open(): Promise<Hooks> {
    const hooks = new Hooks()
    hooks.#server.on('request', async (request, response: ServerResponse) => {
      const path = request.url ?? '/'
      hooks.#count(path, response)
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const text = Buffer.concat(chunks).toString()
      const headers = request.headers as Record<string, string>
      const { event } = JSON.parse(text) as { event: string }
      const hook = { atMs: performance.now(), path, id: headers['webhook-id'] as string, event, text, headers }
      hooks.received.push(hook)
      const reply = hooks.#answers.get(path)?.(hook) ?? { status: 200 }
      if (reply !== 'never') response.writeHead(reply.status, reply.headers).end()
    })
    await new Promise<void>((resolve) => hooks.#server.listen(0, '127.0.0.1', resolve))
    return hooks
  }

  /** The URL of a path, which from now on answers so. */
  at(path: string, answer: (hook: Hook) => Reply): string {
    this.#answers.set(path, answer)
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${path}`
  }

  of(path: string): Hook[] {
    return this.received.filter((hook) => hook.path === path)
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #count(path: string, response: ServerResponse): void {
    const key = (held: ServerResponse) => held.req.url === path
    this.#open.add(response)
    const now = [...this.#open].filter(key).length
    this.atOnce.set(path, Math.max(now, this.atOnce.get(path) ?? 0))
    response.once('close', () => this.#open.delete(response))
  }
}
