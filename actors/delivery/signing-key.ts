/**
 * Signatures that can be checked without a secret: ed25519, which Standard Webhooks writes as `v1a`. Whoever holds the public key
 * can check them and make none, so it may stand in a receiver's code, or be handed to a third party.
 */
import { createPrivateKey, createPublicKey, type KeyObject, randomBytes, sign } from 'node:crypto'

const SEED_BYTES = 32
/** What stands before a seed, or before a public key, in DER (RFC 8410). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')
const SPKI_BYTES = 12

/** A new private key as base64 of its seed. To be kept sealed. */
export function newSigningKey(): string {
  return randomBytes(SEED_BYTES).toString('base64')
}

/** `whpk_` and the base64 of the public key, the form of Standard Webhooks. */
export function publicKeyOf(signingKey: string): string {
  const spki = createPublicKey(privateKey(signingKey)).export({ type: 'spki', format: 'der' })
  return `whpk_${spki.subarray(SPKI_BYTES).toString('base64')}`
}

/** One `v1a,<base64>` over `<id>.<timestamp>.<body>`. */
export function asymmetricSignature(eventId: string, timestamp: number, body: string, signingKey: string): string {
  const signature = sign(null, Buffer.from(`${eventId}.${timestamp}.${body}`), privateKey(signingKey))
  return `v1a,${signature.toString('base64')}`
}

function privateKey(signingKey: string): KeyObject {
  const key = Buffer.concat([PKCS8, Buffer.from(signingKey, 'base64')])
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' })
}
