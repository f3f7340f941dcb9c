/**
 * The wire between two parts: a TCP proxy that can be cut, as when a switch dies (all connections end, new ones fail), or
 * frozen, as when packets are lost (nothing passes, nothing ends, and what was under way arrives later than anybody expects).
 */

import type { AddressInfo } from 'node:net'
import { connect, createServer, type Server, type Socket } from 'node:net'

export class Link {
  readonly name: string
  readonly port: number
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #state: 'whole' | 'cut' | 'frozen' = 'whole'

  private constructor(name: string, server: Server) {
    this.name = name
    this.#server = server
    this.port = (server.address() as AddressInfo).port
  }

  /** Leads to a port of this machine. */
  static async open(name: string, targetPort: number): Promise<Link> {
    const server = createServer({ allowHalfOpen: true })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const link = new Link(name, server)
    server.on('connection', (near) => link.#connect(near, targetPort))
    return link
  }

  cut(): void {
    this.#state = 'cut'
    for (const socket of this.#sockets) socket.resetAndDestroy()
  }

  freeze(): void {
    this.#state = 'frozen'
    for (const socket of this.#sockets) socket.pause()
  }

  heal(): void {
    this.#state = 'whole'
    for (const socket of this.#sockets) socket.resume()
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #connect(near: Socket, targetPort: number): void {
    if (this.#state === 'cut') {
      near.resetAndDestroy()
      return
    }
    const far = connect({ host: '127.0.0.1', port: targetPort, allowHalfOpen: true, noDelay: true })
    near.setNoDelay(true)
    this.#pump(near, far)
    this.#pump(far, near)
  }

  #pump(from: Socket, to: Socket): void {
    this.#sockets.add(from)
    from.on('data', (chunk) => {
      if (!to.write(chunk)) from.pause()
    })
    to.on('drain', () => {
      if (this.#state === 'whole') from.resume()
    })
    from.on('end', () => to.end())
    from.on('error', () => to.destroy())
    from.on('close', () => {
      this.#sockets.delete(from)
      to.destroy()
    })
    if (this.#state === 'frozen') from.pause()
  }
}
