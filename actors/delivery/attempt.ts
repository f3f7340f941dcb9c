/**
 * One attempt at a receiver, as it is sent and as it is logged. What the merchant's own headers hold may be a password, so the
 * log has their names and not their values.
 */
import type { Turn } from '../../runtime/actor.ts'
import type { Vault } from '../../schema/secrets.ts'
import type { PaymentEvent } from '../payment/state.ts'
import type { Answer, Dialler, Failure } from './dialler.ts'
import { signedHeaders } from './signature.ts'
import type { AttemptRow, Delivery, Endpoint } from './state.ts'

export type DeliveryTurn = Turn<AttemptRow, PaymentEvent>

export interface Call {
  dialler: Dialler
  vault: Vault
}

const HIDDEN = '(hidden)'

/** Calls the endpoint and writes the attempt. Throws LeaseLost, or the reason why the turn was aborted; then nothing is known. */
export async function callEndpoint(
  delivery: Delivery,
  endpoint: Endpoint,
  { dialler, vault }: Call,
  turn: DeliveryTurn,
): Promise<Answer | Failure> {
  const atMs = turn.now()
  const own = endpoint.headers ? (JSON.parse(vault.open(endpoint.headers)) as Record<string, string>) : {}
  const signed = signedHeaders({
    eventId: delivery.eventId,
    timestamp: Math.floor(atMs / 1000),
    body: delivery.payload,
    secrets: endpoint.secrets.map((secret) => vault.open(secret)),
    signingKey: endpoint.signingKey && vault.open(endpoint.signingKey),
  })
  const { url, timeoutMs } = endpoint
  const headers = { ...own, ...signed }
  const answer = await turn.effect((signal) =>
    dialler.dial({ url, body: delivery.payload, headers, timeoutMs, signal }),
  )
  log(delivery, { ...hidden(own), ...signed }, atMs, answer, turn)
  return answer
}

function hidden(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.keys(headers).map((name) => [name, HIDDEN]))
}

function log(
  delivery: Delivery,
  requestHeaders: Record<string, string>,
  atMs: number,
  answer: Answer | Failure,
  turn: DeliveryTurn,
): void {
  const answered = 'status' in answer
  delivery.attempts++
  delivery.logged++
  delivery.lastAttemptAt = new Date(atMs).toISOString()
  delivery.responseCode = answered ? answer.status : null
  turn.write({
    n: delivery.logged,
    attempt: delivery.attempts,
    at: delivery.lastAttemptAt,
    durationMs: Math.round(answer.durationMs),
    responseCode: delivery.responseCode,
    error: answered ? null : answer.error,
    requestHeaders,
    responseHeaders: answered ? answer.headers : null,
    responseBody: answered ? answer.body : null,
    timings: answer.timings,
    address: answer.address,
  })
}
