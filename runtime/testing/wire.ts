/** Redis behind a wire that can be cut, go silent, or lose an answer that was on its way, when a test says so. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

export class Wire {
  /** Of this Redis, through the wire. */
  readonly url: string
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #silent = false
  #repliesToLose = 0

  private constructor(server: Server, url: string) {
    this.#server = server
    this.url = url
  }

  static async start(redisUrl: string): Promise<Wire> {
    const target = new URL(redisUrl)
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const wire = new Wire(server, `redis://127.0.0.1:${port}${target.pathname}`)
    server.on('connection', (client) => wire.#join(client, connect(Number(target.port), target.hostname)))
    return wire
  }

  /** Every connection is gone; new ones are taken. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  /** Nothing arrives any more, in either direction, and nobody is told. */
  silence(): void {
    this.#silent = true
  }

  /** New bytes arrive again; connections that were silent have lost some, so they are cut. */
  speak(): void {
    this.#silent = false
    this.cut()
  }

  /** The next `count` answers of Redis are lost: it has done what it was told, and the connection drops. */
  loseReplies(count: number): void {
    this.#repliesToLose = count
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.cut()
    await closed
  }

  #join(client: Socket, redis: Socket): void {
    for (const socket of [client, redis]) {
      this.#sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        this.#sockets.delete(socket)
        client.destroy()
        redis.destroy()
      })
    }
    client.on('data', (bytes) => {
      if (!this.#silent) redis.write(bytes)
    })
    redis.on('data', (bytes) => {
      if (this.#silent) return
      if (this.#repliesToLose === 0) {
        client.write(bytes)
      } else {
        this.#repliesToLose--
        client.destroy()
      }
    })
  }
}
