/** Starts the REST API and stops it again: requests that are under way are answered first. */
import type { AddressInfo } from 'node:net'
import { createApp } from './app.ts'
import type { ApiOptions } from './services.ts'

export type { ApiOptions } from './services.ts'

export interface RunningApi {
  /** `http://<host>:<port>` */
  url: string
  port: number
  /** Accepts nothing new, answers what is under way, then lets go of the port. */
  close(): Promise<void>
}

/** Listens on `options.host` and `options.port`. Rejects when the port is taken. */
export async function startApi(options: ApiOptions): Promise<RunningApi> {
  const app = await createApp(options)
  await app.listen({ host: options.host, port: options.port })
  const { port } = app.server.address() as AddressInfo
  const host = options.host.includes(':') ? `[${options.host}]` : options.host
  return { url: `http://${host}:${port}`, port, close: () => app.close() }
}
