/**
 * An actor's address: `<tenant>/<kind>/<id>`, for example `1s/payment/pay_0123456789abcdef`.
 *
 * The tenant (a merchant's number in base 36) and the kind stand first because they are the lane: the scripts
 * read a lane off the address to share workers fairly, without asking anybody who the actor belongs to.
 */
export type Address = `${string}/${string}/${string}`

export interface AddressParts {
  tenant: string
  kind: string
  id: string
}

export function toAddress({ tenant, kind, id }: AddressParts): Address {
  return `${tenant}/${kind}/${id}`
}

/** Throws a RangeError for anything that is not three non-empty parts. */
export function parseAddress(address: string): AddressParts {
  const first = address.indexOf('/')
  const second = address.indexOf('/', first + 1)
  const isWhole = first > 0 && second > first + 1 && second < address.length - 1
  if (!isWhole || address.includes('/', second + 1)) throw new RangeError(`not an actor address: ${address}`)
  return { tenant: address.slice(0, first), kind: address.slice(first + 1, second), id: address.slice(second + 1) }
}
