/**
 * What proves to a receiver that a webhook is ours: two signatures over the same bytes.
 *
 * `x-webhook-signature` is the plain one that receivers of this family of gateways know. The `webhook-*` headers follow
 * the Standard Webhooks specification (standardwebhooks.com), whose signature also covers the event's id and the time
 * of the attempt, so that a recorded request can't be played again later. Everything here is pure: time and secrets
 * come in.
 */
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import { asymmetricSignature } from './signing-key.ts'

export interface Signing {
  /** The event's id, the same on every retry: receivers drop what they have seen. */
  eventId: string
  /** Unix time of this attempt, whole seconds. */
  timestamp: number
  /** The exact text that is sent. */
  body: string
  /**
   * Plain secrets, newest first: one, or two while a rotated secret is in its grace. Throws a RangeError when empty.
   */
  secrets: readonly string[]
  /** For a third signature, which a receiver checks with the public key; null: none. */
  signingKey?: string | null
}

/** The headers of one attempt, both signatures among them. */
export function signedHeaders({ eventId, timestamp, body, secrets, signingKey }: Signing): Record<string, string> {
  const [newest] = secrets
  if (newest === undefined) throw new RangeError('secrets must hold at least one secret to sign with')
  const signatures = secrets.map((secret) => standardSignature(eventId, timestamp, body, secret))
  if (signingKey) signatures.push(asymmetricSignature(eventId, timestamp, body, signingKey))
  return {
    'content-type': 'application/json',
    'x-webhook-signature': bodySignature(body, newest),
    'webhook-id': eventId,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatures.join(' '),
  }
}

/** Hex HMAC-SHA256 of the body under the whole secret string, `whsec_` included. */
export function bodySignature(body: string, secret: string): string {
  return createHmac('sha256', secret).update(body).digest('hex')
}

/** One `v1,<base64>` of Standard Webhooks, over `<id>.<timestamp>.<body>`. */
export function standardSignature(eventId: string, timestamp: number, body: string, secret: string): string {
  const signature = createHmac('sha256', keyOf(secret)).update(`${eventId}.${timestamp}.${body}`).digest('base64')
  return `v1,${signature}`
}

const KEYS_KEPT = 1_000
const keys = new Map<string, KeyObject>()

/** As a key object, and kept: Node looks at a key's bytes anew on every use, and takes longer for it than for the signature. */
function keyOf(secret: string): KeyObject {
  const known = keys.get(secret)
  if (known) return known
  if (keys.size >= KEYS_KEPT) keys.clear()
  const key = createSecretKey(keyBytes(secret))
  keys.set(secret, key)
  return key
}

const PREFIX = 'whsec_'

/**
 * The key that a Standard Webhooks library derives from the secret: the base64 behind `whsec_`.
 *
 * Secrets like `whsec_test_abc123` are no base64, and a lenient decoder would quietly make a key of a few bytes out of
 * them. So only canonical base64 of 24 to 64 bytes (the specification's range) counts as such; any other secret is its
 * own utf-8, which libraries reach with their raw format.
 */
export function keyBytes(secret: string): Buffer {
  const encoded = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret
  const decoded = Buffer.from(encoded, 'base64')
  const canonical = decoded.toString('base64') === encoded
  return canonical && decoded.length >= 24 && decoded.length <= 64 ? decoded : Buffer.from(secret)
}
