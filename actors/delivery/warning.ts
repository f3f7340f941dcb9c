/**
 * What a merchant should hear about a URL when it is saved. It warns and refuses nothing: only the guard decides, at every
 * connection, and a receiver may be set up after its URL was.
 */
import dns from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { promisify } from 'node:util'
import { abortable } from '../abortable.ts'
import type { AddressRanges } from './address-ranges.ts'
import { describeFailure } from './failure.ts'
import { isPublic } from './guard.ts'

/** A name server that is slower than this is not waited for. */
const PATIENCE_MS = 2_000

export interface WarningOptions {
  open: AddressRanges
  lookup?: LookupFunction
}

/** null: nothing speaks against it. */
export async function warningAbout(url: string, { open, lookup = dns.lookup }: WarningOptions): Promise<string | null> {
  const hostname = new URL(url).hostname.replace(/^\[|\]$/g, '')
  const reachable = (address: string) => isPublic(address) || open.has(address)
  try {
    const addresses = await addressesOf(hostname, lookup)
    if (addresses.some(reachable)) return null
    return `${hostname} leads to ${addresses[0]}, which is not a public address: webhooks will not be sent there`
  } catch (error) {
    return `${hostname}: ${describeFailure(error)}. Webhooks will fail until it resolves`
  }
}

async function addressesOf(hostname: string, lookup: LookupFunction): Promise<string[]> {
  if (isIP(hostname) !== 0) return [hostname]
  const asked = promisify(lookup)(hostname, { all: true }) as Promise<unknown>
  const answer = await abortable(AbortSignal.timeout(PATIENCE_MS), asked)
  return [answer].flat().map((found) => (typeof found === 'string' ? found : (found as dns.LookupAddress).address))
}
