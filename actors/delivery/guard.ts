/**
 * Keeps webhooks out of private networks. A merchant names the URL and our machine dials it, so without a guard any
 * merchant could reach whatever our machine can: databases, the cloud's metadata, other containers.
 *
 * Addresses are judged when connecting and not when the URL is stored, because a name may resolve to something else a
 * moment later. Three checks leave no gap between what was judged and what is dialled: a literal address is checked
 * before connecting (Node never looks one up), a look-up hands on only addresses that passed, and the socket's far end
 * is compared once more before a byte is written.
 */
import dns from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { buildConnector } from 'undici'
import { AddressRanges } from './address-ranges.ts'

/**
 * What is not the public internet, by IANA's special-purpose registries. Of IPv6 only 2000::/3 is given out, so all the
 * rest goes at once, and with it every form that wraps an IPv4 address outside of it (mapped, NAT64); inside it 6to4,
 * Teredo.
 */
const SPECIAL = new AddressRanges([
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
  ...['224.0.0.0/4', '240.0.0.0/4'],
  ...['::/3', '4000::/2', '8000::/1', '2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'],
])

export class BlockedAddress extends Error {
  override name = 'BlockedAddress'
  constructor(address: string) {
    super(`address ${address} is not public`)
  }
}

/** True for an address of the public internet; false for everything else, also for what is no address. */
export function isPublic(address: string): boolean {
  return isIP(address) !== 0 && !SPECIAL.has(address)
}

export interface GuardOptions {
  /** Ranges that are open beside the public ones. */
  open: AddressRanges
  /** Resolves names; `dns.lookup` unless a test brings its own. */
  lookup?: LookupFunction
  /** For one connection with its TLS handshake. */
  timeoutMs: number
}

/** An undici connector that reaches public and open addresses only. Anything else fails with BlockedAddress. */
export function guardedConnector({ open, lookup = dns.lookup, timeoutMs }: GuardOptions): buildConnector.connector {
  const permits = (address: string) => isPublic(address) || open.has(address)
  const connect = buildConnector({
    timeout: timeoutMs,
    allowH2: false,
    lookup: permitted(lookup, permits),
  } as buildConnector.BuildOptions)
  return (options, callback) => {
    if (isIP(options.hostname) !== 0 && !permits(options.hostname)) {
      queueMicrotask(() => callback(new BlockedAddress(options.hostname), null))
      return undefined
    }
    return connect(options, (error, socket) => {
      if (error) return callback(error, null)
      const farEnd = socket.remoteAddress ?? 'unknown'
      if (permits(farEnd)) return callback(null, socket)
      socket.destroy()
      callback(new BlockedAddress(farEnd), null)
    })
  }
}

/** A look-up whose answers are the permitted ones of `lookup`. */
function permitted(lookup: LookupFunction, permits: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, answer) => {
      if (error) return callback(error, [])
      const found = Array.isArray(answer) ? answer : [{ address: answer, family: isIP(answer) }]
      const good = found.filter(({ address }) => permits(address))
      const [first] = good
      if (first === undefined) return callback(new BlockedAddress(found[0]?.address ?? hostname), [])
      if (options.all) callback(null, good)
      else callback(null, first.address, first.family)
    })
  }
}
