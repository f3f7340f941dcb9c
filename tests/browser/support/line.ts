/** The wire between the browser and the API, for tests to cut: to a shopper an API that is down and a train in a tunnel look the same. */
import { connect, createServer, type Server, type Socket } from 'node:net'

export class Line {
  readonly #target: number
  readonly #port: number
  readonly #sockets = new Set<Socket>()
  #server: Server | undefined

  /** Both on 127.0.0.1. */
  constructor(port: number, target: number) {
    this.#port = port
    this.#target = target
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  async mend(): Promise<void> {
    const server = createServer((near) => {
      const far = connect(this.#target, '127.0.0.1')
      for (const [socket, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(socket)
        socket.on('error', () => other.destroy())
        socket.on('close', () => {
          this.#sockets.delete(socket)
          other.destroy()
        })
        socket.pipe(other)
      }
    })
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve))
    this.#server = server
  }

  /** Ends what is under way and refuses what comes. */
  async cut(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    for (const socket of this.#sockets) socket.destroy()
    if (server) await new Promise((resolve) => server.close(resolve))
  }
}
