/** The ports that people call: asked for before anything is started, since a line that says so helps more than a stack. */
import { isFree } from './embedded/port.ts'
import type { Setting } from './settings.ts'
import { StopReason } from './stop-reason.ts'

/** Throws a StopReason when somebody else listens on one of them. */
export async function refuseTakenPorts(host: string, ports: Partial<Record<Setting, number>>): Promise<void> {
  for (const [name, port] of Object.entries(ports)) if (!(await isFree(port, host))) throw portTaken(name, port)
}

export function portTaken(name: string, port: number): StopReason {
  return new StopReason(`port ${port} is in use: stop what listens there, or set ${name} to another port`)
}

/** What a failed `listen` means to whoever chose the host and the port. */
export function listenReason(name: Setting, host: string, port: number, error: NodeJS.ErrnoException): Error {
  if (error.code === 'EADDRINUSE') return portTaken(name, port)
  if (error.code === 'EACCES')
    return new StopReason(`${name} is "${port}"; this user may listen on ports from 1024 only`)
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return new StopReason(`HOST is "${host}"; allowed is an address of this machine, localhost or 0.0.0.0`)
  }
  return error
}
