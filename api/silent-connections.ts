/**
 * Connections that have not said anything yet. Browsers and HTTP clients open some to be quicker later; Node takes such a connection for
 * one whose request is on its way, and would hold up the end of this process for a minute until it is late.
 */
import type { Socket } from 'node:net'
import type { App } from './app.ts'

/** Ends them when the app closes, as it does by itself with those that are idle between two requests. */
export function endSilentConnections(app: App): void {
  const silent = new Set<Socket>()
  app.server.on('connection', (socket: Socket) => {
    silent.add(socket)
    socket.once('close', () => silent.delete(socket))
  })
  app.server.on('request', ({ socket }) => silent.delete(socket))
  app.addHook('preClose', async () => {
    for (const socket of silent) socket.destroy()
  })
}
