/** What can be on show, and which of it answers what the server refused. */
import type { CloseReason } from '../loader/index.d.ts'
import type { Payment } from './answers.ts'
import type { Refusal } from './api.ts'
import type { Words } from './words/index.ts'

/** Why there is no paying, or no going on, here. */
export type Stop = keyof Words['stops']

export type Screen =
  | { name: 'loading' }
  | { name: 'form' }
  | { name: 'waiting'; payment: Payment }
  | { name: 'paid'; payment: Payment }
  | { name: 'failed'; payment: Payment }
  | { name: 'stopped'; why: Stop }

export function whyRefused({ status, reason }: Refusal): Stop {
  if (status === 401) return 'expired'
  if (status === 403) return 'refused'
  if (status === 409) return reason === 'payment_pending' ? 'busy' : 'paid'
  return 'unknown'
}

/** `qr`: a code on show, which may be under a camera. */
export function closeReason(screen: Screen, qr: Payment | undefined): CloseReason {
  if (screen.name === 'paid') return 'success'
  if (screen.name === 'failed') return 'failed'
  return screen.name === 'waiting' || qr ? 'pending' : 'dismissed'
}
