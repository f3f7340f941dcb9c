/**
 * What a receiver's answer means for the delivery. Pure: the answer, the schedule and the time come in. Any 2xx is success; a
 * redirect is an answer like any other, and not this one; 410 Gone is the one status by which a receiver ends it all.
 */
import type { Answer, Failure } from './dialler.ts'
import { nextDelayMs, type Schedule } from './schedule.ts'

export type Verdict =
  | { kind: 'accepted' }
  | { kind: 'gone' }
  | { kind: 'exhausted' }
  | { kind: 'retry'; delayMs: number }

/** A receiver may ask for this much patience, ms. One that asks for more is tried then, as it may have meant the wrong unit. */
const LONGEST_RETRY_AFTER_MS = 3_600_000

export interface Judged {
  /** Attempts so far, this one included. */
  attempts: number
  schedule: Schedule
  nowMs: number
  /** Answers a number in [0, 1). */
  random: () => number
}

export function verdictOn(answer: Answer | Failure, { attempts, schedule, nowMs, random }: Judged): Verdict {
  if (isAccepted(answer)) return { kind: 'accepted' }
  if ('status' in answer && answer.status === 410) return { kind: 'gone' }
  const delayMs = nextDelayMs(attempts, schedule, random)
  if (delayMs === null) return { kind: 'exhausted' }
  const asked = 'status' in answer ? retryAfterMs(answer.headers['retry-after'], nowMs) : 0
  return { kind: 'retry', delayMs: Math.max(delayMs, Math.min(asked, LONGEST_RETRY_AFTER_MS)) }
}

export function isAccepted(answer: Answer | Failure): boolean {
  return 'status' in answer && answer.status >= 200 && answer.status < 300
}

/** What a Retry-After header (RFC 9110, 10.2.3) asks for, ms from now: whole seconds or a date. 0 for anything else. */
export function retryAfterMs(header: string | undefined, nowMs: number): number {
  const text = header?.trim() ?? ''
  if (/^\d{1,10}$/.test(text)) return Number(text) * 1000
  // A date has letters; Date.parse would take "-5" for the year 2001.
  const at = /^[A-Z][a-z]{2}/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? 0 : Math.max(0, at - nowMs)
}
