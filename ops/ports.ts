/** The ports that people call: tried before anything is started, since a line that says so helps more than a stack. */
import { bindOnce } from './embedded/port.ts'
import type { Setting } from './settings.ts'
import { StopReason } from './stop-reason.ts'

/** Throws a StopReason when somebody else listens on one of them, or nobody here may. */
export async function refuseTakenPorts(host: string, ports: Partial<Record<Setting, number>>): Promise<void> {
  // A server that listens on localhost listens on both.
  const addresses = host === 'localhost' ? ['127.0.0.1', '::1'] : [host]
  for (const [name, port] of Object.entries(ports)) {
    for (const address of addresses) {
      await bindOnce(port, address).catch((error: NodeJS.ErrnoException) => {
        const noIpv6 = address === '::1' && /^(EADDRNOTAVAIL|EAFNOSUPPORT)$/.test(error.code ?? '')
        if (!noIpv6) throw listenReason(name as Setting, host, port, error)
      })
    }
  }
}

/** What a failed `listen` means to whoever chose the host and the port. */
export function listenReason(name: Setting, host: string, port: number, error: NodeJS.ErrnoException): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new StopReason(`port ${port} is in use: stop what listens there, or set ${name} to another port`)
    case 'EACCES':
      return new StopReason(`${name} is "${port}"; this user may listen on ports from 1024 only`)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new StopReason(`HOST is "${host}"; allowed is an address of this machine, localhost or 0.0.0.0`)
    default:
      return error
  }
}
