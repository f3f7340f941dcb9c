/** Ports of this machine's addresses. One that is free now may be taken a moment later: who binds must be ready to hear no. */
import { createServer } from 'node:net'

/** Listens for a moment. Answers the port, which 0 leaves to the system; rejects with the error of `listen`. */
export function bindOnce(port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ port, host }, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port))
    })
  })
}

/** A port of 127.0.0.1 that is free now, the wanted one if possible. */
export async function freePort(wanted = 0): Promise<number> {
  try {
    return await bindOnce(wanted, '127.0.0.1')
  } catch {
    return bindOnce(0, '127.0.0.1')
  }
}
