/** Ports of the loopback interface: which are free, and for whom. */
import { createServer } from 'node:net'

/** Whether nobody listens there at this moment. Somebody may a moment later: who binds must be ready to hear no. */
export async function isFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return (await listen(port, host)) !== null
}

/** A port that is free now, the wanted one if possible. */
export async function freePort(wanted = 0): Promise<number> {
  const port = (await listen(wanted, '127.0.0.1')) ?? (await listen(0, '127.0.0.1'))
  if (port === null) throw new Error('no free port on 127.0.0.1')
  return port
}

function listen(port: number, host: string): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(null)
      else reject(error)
    })
    server.listen({ port, host }, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port))
    })
  })
}
