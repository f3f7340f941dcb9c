/**
 * Sets of IP addresses, written as CIDR ranges.
 *
 * IPv4 and IPv6 have a list each: a single `BlockList` compares IPv4 addresses with IPv6 ranges through ::ffff:0:0/96,
 * so one that holds `::/3` also holds 8.8.8.8.
 */
import { BlockList, isIP } from 'node:net'

export class AddressRanges {
  readonly #lists = { 4: new BlockList(), 6: new BlockList() }

  /** Throws a RangeError that names the first entry which is no range. */
  constructor(cidrs: readonly string[]) {
    for (const cidr of cidrs) {
      const [address = '', prefix = '', ...rest] = cidr.split('/')
      const family = isIP(address)
      const bits = family === 4 ? 32 : 128
      if (
        family === 0 ||
        address.includes('%') ||
        !/^\d{1,3}$/.test(prefix) ||
        Number(prefix) > bits ||
        rest.length > 0
      ) {
        throw new RangeError(`"${cidr}" is not an address range: write it like 10.0.0.0/8 or fd00::/8`)
      }
      this.#lists[family as 4 | 6].addSubnet(address, Number(prefix), family === 4 ? 'ipv4' : 'ipv6')
    }
  }

  /** False for anything that is not an IP address. */
  has(address: string): boolean {
    const family = isIP(address)
    if (family === 0) return false
    return family === 4 ? this.#lists[4].check(address, 'ipv4') : this.#lists[6].check(address, 'ipv6')
  }
}

/**
 * Ranges separated by commas, as a setting holds them; blanks are ignored and an empty text means none. Throws as
 * above.
 */
export function parseAddressRanges(text: string): AddressRanges {
  const entries = text.split(',').map((entry) => entry.trim())
  return new AddressRanges(entries.filter((entry) => entry !== ''))
}
