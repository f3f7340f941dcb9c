/** Checks a webhook's signatures as a receiver does: either scheme will do, and the comparison takes the same time wherever they differ. */
import { timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { bodySignature, standardSignature } from '../actors/index.ts'

export function isSigned(body: string, headers: IncomingHttpHeaders, secret: string): boolean {
  const plain = headers['x-webhook-signature']
  if (typeof plain === 'string' && same(plain, bodySignature(body, secret))) return true
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = headers
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signatures !== 'string') return false
  const expected = standardSignature(id, Number(timestamp), body, secret)
  return signatures.split(' ').some((signature) => same(signature, expected))
}

function same(given: string, expected: string): boolean {
  const a = Buffer.from(given)
  const b = Buffer.from(expected)
  return a.length === b.length && timingSafeEqual(a, b)
}
