/** A bank that answers after a while and remembers which worker asked it what, and when: each worker has an address of its own. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { monotonicMs } from '../../../runtime/clock.ts'

export interface Heard {
  worker: string
  /** The payment's. */
  payment: string
  /** ms, monotonic */
  at: number
}

/** Long enough to be stopped in the middle of a call. */
const ANSWER_MS = 1_500

export class WitnessBank {
  readonly heard: Heard[] = []
  readonly #server: Server
  readonly #done = new Set<string>()

  private constructor(server: Server) {
    this.#server = server
  }

  static async open(): Promise<WitnessBank> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const bank = new WitnessBank(server)
    server.on('request', async (request, response) => {
      const [, worker = '', what = '', key = ''] = (request.url ?? '').split('/')
      if (what === 'answers') return // a stream on which nothing is ever said
      if (what === 'tokens') return response.end('{"token":"witnessed"}')
      const operation = decodeURIComponent(key)
      bank.heard.push({ worker, payment: operation.split(':')[0] as string, at: monotonicMs() })
      const known = bank.#done.has(operation)
      if (request.method === 'PUT') bank.#done.add(operation)
      await sleep(ANSWER_MS)
      response.writeHead(request.method === 'PUT' || known ? 200 : 404)
      return response.end('{"state":"done","bankRef":"witnessed"}')
    })
    return bank
  }

  urlFor(worker: string): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/${worker}`
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
