/**
 * Why does my signature not verify? The explainer is given a webhook as it was received and says whether its signatures fit; for
 * one that does not, it looks for what would make it fit: another form of the body, another secret, another way to compute it.
 * Of several explanations the one with the fewest mishaps is told. Pure: secrets and time come in.
 */
import { type Candidate, candidates, type Mutation } from './candidates.ts'
import { type Found, type FoundSignature, findSignatures, unixSeconds } from './signatures.ts'

export interface ReceivedWebhook {
  /** As the receiver's code has it. */
  payload: string
  /** Names in any case. */
  headers: Record<string, string>
  /** The one that the receiver verifies with. */
  secret: string
}

export interface KnownSecret {
  secret: string
  /** As a merchant calls it: an endpoint's id, or "the merchant". */
  owner: string
  current: boolean
}

export interface Surroundings {
  nowMs: number
  /** Every secret that may have signed it. */
  known: readonly KnownSecret[]
  /** The text that was sent under the received webhook-id; null: unknown. */
  sent: string | null
}

export interface SignatureExplanation {
  header: string
  /** The value, one of several in webhook-signature. */
  received: string
  verified: boolean
  /** What happened to it; empty when it verifies, or when nothing explains it. */
  mutations: Mutation[]
  /** Whose secret it was signed with; null: not known. */
  signed_by: string | null
  explanation: string
}

export interface WebhookExplanation {
  verified: boolean
  summary: string
  signatures: SignatureExplanation[]
  /** Where the received body departs from the one that was sent; null when it does not, or that is unknown. */
  difference: { at: number; received: string; sent: string } | null
}

/** Seconds that webhook-timestamp may differ from the receiver's clock: Standard Webhooks' own window. */
const WINDOW_S = 300
const EXCERPT = 24
const UNEXPLAINED = 'Nothing that is known to happen to a webhook explains it: the body or the secret is another one.'

const TEXTS: Record<Mutation, string> = {
  reserialized_body:
    'The body was parsed and written again. Verify the bytes of the request as they came, before any JSON middleware.',
  trailing_newline: 'The body gained or lost a newline at its end. Read it without trimming and without adding a line.',
  charset: 'The body was read in another charset. Take its bytes, or decode them as UTF-8.',
  byte_order_mark: 'A byte order mark was put before the body or taken from it.',
  surrounding_space: 'The body gained white space around it.',
  line_endings: 'Line endings were converted. Take the body as bytes.',
  escaped_slashes: 'Slashes were escaped: the body was written again. Verify the bytes as they came.',
  old_secret: 'It fits the secret from before the rotation or after it, and not the one you gave: use the current one.',
  other_endpoint_secret:
    'It fits the secret of another endpoint. Each endpoint signs with its own: look up the one of this URL.',
  space_in_secret: 'The secret you gave has white space around it.',
  secret_not_decoded:
    'The secret was used as text. webhook-signature takes the bytes that its base64 behind whsec_ stands for.',
  secret_decoded: 'The secret was decoded. x-webhook-signature takes the whole secret as text, whsec_ included.',
  hex_for_base64: 'The hash is right, but written in hex. webhook-signature is base64 behind "v1,".',
  base64_for_hex: 'The hash is right, but written in base64. x-webhook-signature is hex.',
  body_alone_signed: 'It covers the body alone. webhook-signature covers "<webhook-id>.<webhook-timestamp>.<body>".',
  id_and_time_signed: 'It covers "<webhook-id>.<webhook-timestamp>.<body>". x-webhook-signature covers the body alone.',
  timestamp_outside_window:
    'The signature is right, but webhook-timestamp is more than five minutes from now. Verify on arrival, and set the clock.',
}

export function explainWebhook(received: ReceivedWebhook, surroundings: Surroundings): WebhookExplanation {
  const found = findSignatures(received.headers)
  const difference = differenceOf(received.payload, surroundings.sent)
  if (found.signatures.length === 0) {
    return { verified: false, summary: found.missing ?? '', signatures: [], difference }
  }
  const tried = candidates(received, surroundings.known, found)
  const explained = found.signatures.map((signature) => explainSignature(signature, found, tried, surroundings.nowMs))
  const verified = isVerified(explained)
  return { verified, summary: summaryOf(explained, verified), signatures: explained, difference }
}

/** Each header must have one signature that fits; a second one stands there during a rotation. */
function isVerified(explained: SignatureExplanation[]): boolean {
  const headers = Map.groupBy(explained, ({ header }) => header)
  return [...headers.values()].every((group) => group.some(({ verified }) => verified))
}

function explainSignature(
  signature: FoundSignature,
  { missing, timestamp }: Found,
  tried: readonly Candidate[],
  nowMs: number,
): SignatureExplanation {
  const { scheme, header, received } = signature
  const fit = bestFit(signature, tried)
  if (!fit) {
    const explanation = (scheme === 'standard' && missing) || UNEXPLAINED
    return { header, received, verified: false, mutations: [], signed_by: null, explanation }
  }
  const sentAt = scheme === 'standard' ? unixSeconds(timestamp) : null
  const isStale = sentAt !== null && Math.abs(nowMs / 1000 - sentAt) > WINDOW_S
  const mutations: Mutation[] = isStale ? [...fit.mutations, 'timestamp_outside_window'] : fit.mutations
  const explanation = mutations.map((mutation) => TEXTS[mutation]).join(' ') || 'It verifies.'
  return { header, received, verified: mutations.length === 0, mutations, signed_by: fit.owner, explanation }
}

/** The candidate that fits with the fewest mishaps; null: none fits. */
function bestFit(
  { digests, scheme }: FoundSignature,
  tried: readonly Candidate[],
): { mutations: Mutation[]; owner: string | null } | null {
  let best: { mutations: Mutation[]; owner: string | null } | null = null
  for (const { digest, owner, mutations } of tried) {
    const encoding = digests.find(({ bytes }) => bytes.equals(digest))?.mutation
    if (encoding === undefined) continue
    const all = [...mutations[scheme], ...(encoding === null ? [] : [encoding])]
    if (best === null || all.length < best.mutations.length) best = { mutations: all, owner }
  }
  return best
}

function summaryOf(explained: SignatureExplanation[], verified: boolean): string {
  if (verified) return 'It verifies.'
  const failed = explained.filter((one) => !one.verified)
  return (failed.find(({ mutations }) => mutations.length > 0) ?? failed[0])?.explanation ?? UNEXPLAINED
}

function differenceOf(received: string, sent: string | null): WebhookExplanation['difference'] {
  if (sent === null || received === sent) return null
  let at = 0
  while (at < sent.length && received[at] === sent[at]) at++
  return { at, received: received.slice(at, at + EXCERPT), sent: sent.slice(at, at + EXCERPT) }
}
