/** The signatures in a received webhook's headers, taken apart: what each should cover, and which bytes it may stand for. */

/** plain: x-webhook-signature. standard: webhook-signature, which covers id and time as well. */
export type Scheme = 'plain' | 'standard'

export interface FoundSignature {
  scheme: Scheme
  header: string
  received: string
  /** What it may stand for, by the encoding that would be wrong; null for the right one. */
  digests: { bytes: Buffer; mutation: 'hex_for_base64' | 'base64_for_hex' | null }[]
}

const DIGEST_BYTES = 32
/** Enough for a rotation and a key; more are somebody's experiment. */
const MAX_SIGNATURES = 8

export interface Found {
  signatures: FoundSignature[]
  /** webhook-id and webhook-timestamp as they came; null when absent. */
  id: string | null
  timestamp: string | null
  /** What a receiver should know of headers that are absent or unreadable; null: nothing. */
  missing: string | null
}

export function findSignatures(headers: Record<string, string>): Found {
  const lower = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value.trim()]))
  const plain = lower.get('x-webhook-signature') ?? ''
  const standard = standardParts(lower.get('webhook-signature') ?? '')
  const id = lower.get('webhook-id') ?? null
  const timestamp = lower.get('webhook-timestamp') ?? null
  const signatures = standard.map(
    (received): FoundSignature => ({
      scheme: 'standard',
      header: 'webhook-signature',
      received,
      digests: digestsOf(received.replace(/^v1,/, ''), 'base64'),
    }),
  )
  if (plain !== '') {
    const digests = digestsOf(plain.replace(/^sha256=/i, ''), 'hex')
    signatures.unshift({ scheme: 'plain', header: 'x-webhook-signature', received: plain, digests })
  }
  return { signatures, id, timestamp, missing: missingOf(signatures, id, timestamp) }
}

/** Signatures with a public key need no secret, so they are not asked about here. */
function standardParts(header: string): string[] {
  const parts = header.split(/\s+/).filter((part) => part !== '' && !part.startsWith('v1a,'))
  return parts.slice(0, MAX_SIGNATURES)
}

function missingOf(signatures: FoundSignature[], id: string | null, timestamp: string | null): string | null {
  if (signatures.length === 0) {
    return 'There is no signature in x-webhook-signature or webhook-signature. A proxy may have dropped the headers.'
  }
  if (signatures.every(({ scheme }) => scheme === 'plain')) return null
  const absent = [...(id ? [] : ['webhook-id']), ...(timestamp ? [] : ['webhook-timestamp'])]
  if (absent.length > 0) return `webhook-signature can't be checked without ${absent.join(' and ')}.`
  return unixSeconds(timestamp) === null ? 'webhook-timestamp must be Unix time in whole seconds.' : null
}

/** null for what is no time. */
export function unixSeconds(timestamp: string | null): number | null {
  return timestamp !== null && /^\d{1,12}$/.test(timestamp) ? Number(timestamp) : null
}

function digestsOf(value: string, right: 'hex' | 'base64'): FoundSignature['digests'] {
  const hex = /^[0-9a-f]{64}$/i.test(value) ? Buffer.from(value, 'hex') : null
  const base64 = Buffer.from(value, 'base64')
  return [
    ...(hex ? [{ bytes: hex, mutation: right === 'hex' ? null : ('hex_for_base64' as const) }] : []),
    ...(base64.length === DIGEST_BYTES
      ? [{ bytes: base64, mutation: right === 'base64' ? null : ('base64_for_hex' as const) }]
      : []),
  ]
}
