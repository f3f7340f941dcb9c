/**
 * Everything a signature may have been computed from: the body in each form that it may have had, under each secret that may have
 * been used, in each way that people compute it. A changed body under another secret is only tried where that is cheap: the
 * worst case is some thousand hashes of 8 KiB, or some hundred of 64.
 */
import { createHmac } from 'node:crypto'
import { keyBytes } from '../delivery/signature.ts'
import type { KnownSecret, ReceivedWebhook } from './explain.ts'
import { type BodyMutation, type BodyVariant, bodyVariants } from './mutations.ts'
import type { Found, Scheme } from './signatures.ts'

export type SecretMutation = 'old_secret' | 'other_endpoint_secret' | 'space_in_secret'
export type WayMutation =
  | 'secret_not_decoded'
  | 'secret_decoded'
  | 'hex_for_base64'
  | 'base64_for_hex'
  | 'body_alone_signed'
  | 'id_and_time_signed'
export type Mutation = BodyMutation | SecretMutation | WayMutation | 'timestamp_outside_window'

export interface Candidate {
  digest: Buffer
  /** Whose secret it is; null: the one that was given, and nobody knows it. */
  owner: string | null
  /** What has happened, if this is it, to a signature of that scheme. */
  mutations: Record<Scheme, Mutation[]>
}

interface Body {
  mutation: BodyVariant['mutation'] | null
  bytes: Buffer
}

interface Secret {
  mutation: SecretMutation | null
  secret: string
  owner: string | null
}

/** Bodies up to this length are tried in every form under every secret. */
const CHEAP_LENGTH = 8_192

export function candidates(
  { payload, secret }: ReceivedWebhook,
  known: readonly KnownSecret[],
  { id, timestamp }: Pick<Found, 'id' | 'timestamp'>,
): Candidate[] {
  const bodies: Body[] = [{ mutation: null, bytes: Buffer.from(payload) }, ...bodyVariants(payload)]
  const prefix = id === null ? null : Buffer.from(`${id}.${timestamp ?? ''}.`)
  const both = payload.length <= CHEAP_LENGTH
  return secretsOf(secret, known).flatMap((used) =>
    bodies
      .filter((body) => both || used.mutation === null || body.mutation === null)
      .flatMap((body) => ways(used, body, prefix)),
  )
}

/** By which mishap each secret would have come into use; the one that was given comes first, as no mishap. */
function secretsOf(given: string, known: readonly KnownSecret[]): Secret[] {
  const owners = new Set(known.filter(({ secret }) => secret === given).map(({ owner }) => owner))
  const [owner = null] = owners
  const secrets: Secret[] = [{ mutation: null, secret: given, owner }]
  if (given.trim() !== given) secrets.push({ mutation: 'space_in_secret', secret: given.trim(), owner: null })
  for (const { secret, owner, current } of known) {
    if (secrets.some((other) => other.secret === secret)) continue
    const isRotation = owners.size > 0 ? owners.has(owner) : !current
    secrets.push({ mutation: isRotation ? 'old_secret' : 'other_endpoint_secret', secret, owner })
  }
  return secrets
}

/** The body alone and with id and time before it, under the key as either scheme derives it. */
function ways(used: Secret, body: Body, prefix: Buffer | null): Candidate[] {
  const shared: Mutation[] = [used.mutation, body.mutation].filter((mutation) => mutation !== null)
  const keys: { key: Buffer | string; wrongFor: Scheme | null; mutation: WayMutation }[] = []
  const decoded = keyBytes(used.secret)
  const isDecoded = !decoded.equals(Buffer.from(used.secret))
  keys.push({ key: used.secret, wrongFor: isDecoded ? 'standard' : null, mutation: 'secret_not_decoded' })
  if (isDecoded) keys.push({ key: decoded, wrongFor: 'plain', mutation: 'secret_decoded' })
  const contents: { chunks: Buffer[]; wrongFor: Scheme; mutation: WayMutation }[] = [
    { chunks: [body.bytes], wrongFor: 'standard', mutation: 'body_alone_signed' },
    ...(prefix
      ? [{ chunks: [prefix, body.bytes], wrongFor: 'plain' as const, mutation: 'id_and_time_signed' as const }]
      : []),
  ]
  return keys.flatMap((key) =>
    contents.map((content) => {
      const hmac = createHmac('sha256', key.key)
      for (const chunk of content.chunks) hmac.update(chunk)
      const of = (scheme: Scheme) => [
        ...shared,
        ...(key.wrongFor === scheme ? [key.mutation] : []),
        ...(content.wrongFor === scheme ? [content.mutation] : []),
      ]
      return { digest: hmac.digest(), owner: used.owner, mutations: { plain: of('plain'), standard: of('standard') } }
    }),
  )
}
