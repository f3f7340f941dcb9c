/**
 * Is this webhook ours? A receiver hands over the body exactly as it came, before any parser, with the request's headers, and gets the
 * event, or an error that says what is wrong.
 *
 * Of the two schemes the newer one, Standard Webhooks, is taken when its headers are there: it covers the time of the
 * attempt too, so a recorded request can't be played again later.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'

export interface WebhookEvent {
  event: string
  /** Unix time, whole seconds. */
  timestamp: number
  data: Record<string, unknown>
  /** Which of its payment's events it is, from 1; of two the later has the larger. */
  sequence?: number
}

export interface VerifyOptions {
  /** Seconds that the attempt's time may differ from this machine's clock; 300 unless set. */
  toleranceSeconds?: number
  /** Unix time now, ms. */
  nowMs?: number
}

type Headers = Record<string, string | string[] | undefined> | { get(name: string): string | null }

/** Why a webhook was not believed. `POST /api/v1/webhooks/explain` finds out what happened to its body. */
export class WebhookNotVerified extends Error {
  override name = 'WebhookNotVerified'
  readonly reason: 'no_signature' | 'wrong_signature' | 'too_old' | 'too_new'

  constructor(reason: WebhookNotVerified['reason'], message: string) {
    super(message)
    this.reason = reason
  }
}

const TOLERANCE_SECONDS = 300

/**
 * `secret`: the whole string that the gateway showed, `whsec_` included; several while one is being replaced. Throws
 * WebhookNotVerified.
 */
export function verifyWebhook(
  body: string | Uint8Array,
  headers: Headers,
  secret: string | string[],
  { toleranceSeconds = TOLERANCE_SECONDS, nowMs = Date.now() }: VerifyOptions = {},
): WebhookEvent {
  const bytes = typeof body === 'string' ? Buffer.from(body) : Buffer.from(body)
  const secrets = typeof secret === 'string' ? [secret] : secret
  const id = read(headers, 'webhook-id')
  const timestamp = read(headers, 'webhook-timestamp')
  const signatures = read(headers, 'webhook-signature')
  if (id !== null && timestamp !== null && signatures !== null) {
    requireSigned(signatures.split(' '), secrets, (one) => standardSignature(id, timestamp, bytes, one))
    requireRecent(Number(timestamp), nowMs / 1_000, toleranceSeconds)
  } else {
    const signature = read(headers, 'x-webhook-signature')
    if (signature === null) {
      throw new WebhookNotVerified('no_signature', 'it has neither webhook-signature nor x-webhook-signature')
    }
    requireSigned([signature], secrets, (one) => createHmac('sha256', one).update(bytes).digest('hex'))
  }
  return JSON.parse(bytes.toString('utf8')) as WebhookEvent
}

function requireSigned(given: string[], secrets: string[], sign: (secret: string) => string): void {
  const expected = secrets.map(sign)
  if (given.some((one) => expected.some((other) => isSame(one, other)))) return
  throw new WebhookNotVerified(
    'wrong_signature',
    'the signature is not over these bytes under this secret: verify the body as it came, before any parser',
  )
}

function requireRecent(seconds: number, now: number, tolerance: number): void {
  if (seconds < now - tolerance) throw new WebhookNotVerified('too_old', `it was sent more than ${tolerance} s ago`)
  if (seconds > now + tolerance) throw new WebhookNotVerified('too_new', 'it comes from the future: check your clock')
}

/** `v1,<base64>` over `<id>.<timestamp>.<body>`. */
export function standardSignature(id: string, timestamp: string, body: Buffer, secret: string): string {
  const hmac = createHmac('sha256', keyBytes(secret)).update(`${id}.${timestamp}.`).update(body)
  return `v1,${hmac.digest('base64')}`
}

/** What stands behind `whsec_` as base64 when it is that, of 24 to 64 bytes, letter for letter; else the whole secret as it is. */
function keyBytes(secret: string): Buffer {
  const encoded = secret.replace(/^whsec_/, '')
  const decoded = Buffer.from(encoded, 'base64')
  const canonical = decoded.toString('base64') === encoded
  return canonical && decoded.length >= 24 && decoded.length <= 64 ? decoded : Buffer.from(secret)
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}

function read(headers: Headers, name: string): string | null {
  if (typeof headers.get === 'function') return headers.get(name)
  const value = (headers as Record<string, string | string[] | undefined>)[name]
  return (Array.isArray(value) ? value[0] : value) ?? null
}
