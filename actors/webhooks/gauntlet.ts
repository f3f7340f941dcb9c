/**
 * The gauntlet: what a receiver will meet in its life, in ten seconds. A good webhook, and the same once more; one with a
 * wrong signature and one from the past, which it must refuse; and two in the wrong order. All of them are webhook.test events
 * about a payment that never was, so a receiver that takes them does no harm.
 */
import { newId } from '../../schema/ids.ts'
import type { Answer, Dialler } from '../delivery/dialler.ts'
import { signedHeaders } from '../delivery/signature.ts'
import { isAccepted } from '../delivery/verdict.ts'
import { eventPayload, paymentView, samplePayment } from '../payment/view.ts'

export interface GauntletTarget {
  merchantId: string
  url: string
  timeoutMs: number
  /** Plain, newest first. */
  secrets: string[]
  signingKey: string | null
  headers: Record<string, string>
}

export interface Trial {
  name: 'good' | 'duplicate' | 'bad_signature' | 'old_timestamp' | 'newer_first' | 'older_second'
  expected: 'accepted' | 'refused'
  passed: boolean
  response_code: number | null
  error: string | null
  duration_ms: number
  /** What to do about it; null when it was handled rightly. */
  advice: string | null
}

/** The window of Standard Webhooks is five minutes. */
const OLD_S = 600
const WRONG_SECRET = 'whsec_of-somebody-else'
const LONGEST_CALL_MS = 5_000

const ADVICE: Record<Trial['name'], string> = {
  good: 'Answer 2xx within the timeout as soon as the signature is checked; do the work afterwards.',
  duplicate: 'Answer 2xx to an event whose webhook-id you have seen, and do nothing: anything else is sent again.',
  bad_signature: 'Check the signature before anything else and answer 401: whoever knows the URL can call it.',
  old_timestamp:
    'Check webhook-signature together with webhook-timestamp and refuse what is older than five minutes: a recorded call can be played again.',
  newer_first: 'Answer 2xx whatever the order.',
  older_second:
    'Answer 2xx to an event that comes late, and compare sequence with the highest that you have seen of its payment before you apply it.',
}

interface Shot {
  name: Trial['name']
  eventId: string
  sequence: number
  ageS?: number
  secrets?: string[]
}

/** Trials in the order in which a reader expects them. Rejects only when `signal` is aborted. */
export async function runGauntlet(
  target: GauntletTarget,
  dialler: Dialler,
  nowMs: number,
  signal: AbortSignal,
): Promise<Trial[]> {
  const fire = (shot: Shot) => run(shot, target, dialler, nowMs, signal)
  const good = newId('evt_')
  const series = await Promise.all([
    inTurn(fire, { name: 'good', eventId: good, sequence: 1 }, { name: 'duplicate', eventId: good, sequence: 1 }),
    inTurn(fire, { name: 'bad_signature', eventId: newId('evt_'), sequence: 2, secrets: [WRONG_SECRET] }),
    inTurn(fire, { name: 'old_timestamp', eventId: newId('evt_'), sequence: 3, ageS: OLD_S }),
    inTurn(
      fire,
      { name: 'newer_first', eventId: newId('evt_'), sequence: 5 },
      { name: 'older_second', eventId: newId('evt_'), sequence: 4 },
    ),
  ])
  return series.flat()
}

async function inTurn(fire: (shot: Shot) => Promise<Trial>, ...shots: Shot[]): Promise<Trial[]> {
  const trials: Trial[] = []
  for (const shot of shots) trials.push(await fire(shot))
  return trials
}

async function run(
  { name, eventId, sequence, ageS = 0, secrets }: Shot,
  target: GauntletTarget,
  dialler: Dialler,
  nowMs: number,
  signal: AbortSignal,
): Promise<Trial> {
  const payment = paymentView(samplePayment(target.merchantId, new Date(nowMs).toISOString()))
  const body = eventPayload('webhook.test', nowMs - ageS * 1000, { payment }, sequence)
  const signed = signedHeaders({
    eventId,
    timestamp: Math.floor(nowMs / 1000) - ageS,
    body,
    secrets: secrets ?? target.secrets,
    signingKey: secrets ? null : target.signingKey,
  })
  const timeoutMs = Math.min(target.timeoutMs, LONGEST_CALL_MS)
  const answer = await dialler.dial({
    url: target.url,
    body,
    headers: { ...target.headers, ...signed },
    timeoutMs,
    signal,
  })
  const expected = name === 'bad_signature' || name === 'old_timestamp' ? 'refused' : 'accepted'
  const answered = 'status' in answer
  // A receiver that is not there refuses nothing, and neither does one that breaks.
  const passed = answered && (expected === 'accepted' ? isAccepted(answer) : isRefused(answer))
  return {
    name,
    expected,
    passed,
    response_code: answered ? answer.status : null,
    error: answered ? null : answer.error,
    duration_ms: answer.durationMs,
    advice: passed ? null : ADVICE[name],
  }
}

function isRefused({ status }: Answer): boolean {
  return status >= 400 && status < 500
}
