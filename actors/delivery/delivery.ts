/**
 * The webhook delivery actor: one event on its way to one endpoint. An attempt is a timer, a retry is the next timer, and a manual retry
 * is a command that starts the schedule over. Delivery is at least once: the event's id is the same on every attempt, so receivers
 * can drop what they have seen.
 */
import { type ActorDefinition, defineActor, Retry, type Turn } from '../../runtime/actor.ts'
import type { Store } from '../../runtime/storage.ts'
import type { Vault } from '../../schema/secrets.ts'
import type { PaymentEvent } from '../payment/state.ts'
import type { Answer, Dialler, Failure } from './dialler.ts'
import { InFlight } from './in-flight.ts'
import { nextDelayMs, type Schedule, scheduleOf } from './schedule.ts'
import { signedHeaders } from './signature.ts'
import type { AttemptRow, Delivery, Endpoint } from './state.ts'

export interface DeliveryOptions {
  store: Store<Delivery, AttemptRow, PaymentEvent>
  vault: Vault
  dialler: Dialler
  /** For endpoints without a list of their own. */
  schedule: Schedule
}

type DeliveryTurn = Turn<AttemptRow, PaymentEvent>

/** One slow receiver may take this many of a worker's slots, no more. */
const CALLS_AN_ENDPOINT = 20
/** A delivery that found its endpoint busy looks again after this long, up to twice of it. */
const BUSY_REST_MS = 100

export function defineDelivery(options: DeliveryOptions): ActorDefinition {
  const inFlight = new InFlight(CALLS_AN_ENDPOINT)
  return defineActor<Delivery, AttemptRow, PaymentEvent>({
    kind: 'delivery',
    store: options.store,
    slots: 256,
    deadlineMs: 15_000,
    handlers: {
      attempt: (delivery, _message, turn) => attempt(delivery, options, inFlight, turn),
      retry: (delivery, _message, turn) => {
        delivery.status = 'pending'
        delivery.attempts = 0
        turn.schedule('attempt', 0)
      },
    },
  })
}

async function attempt(
  delivery: Delivery,
  options: DeliveryOptions,
  inFlight: InFlight,
  turn: DeliveryTurn,
): Promise<void> {
  if (delivery.status !== 'pending') return
  const { endpoint } = delivery
  if (!endpoint?.enabled) {
    delivery.status = 'failed'
    turn.note({
      kind: 'webhook',
      name: 'skipped',
      detail: { reason: endpoint ? 'endpoint disabled' : 'endpoint deleted' },
    })
    return
  }
  const release = inFlight.enter(delivery.endpointId)
  if (!release)
    throw new Retry(BUSY_REST_MS * (1 + Math.random()), `${CALLS_AN_ENDPOINT} calls to this endpoint are under way`)
  try {
    const at = turn.now()
    const headers = headersOf(delivery, endpoint, options.vault, at)
    const answer = await turn.effect((signal) =>
      options.dialler.dial({ url: endpoint.url, body: delivery.payload, headers, signal }),
    )
    log(delivery, headers, at, answer, turn)
    settle(delivery, isAccepted(answer), scheduleOf(endpoint, options.schedule), turn)
  } finally {
    release()
  }
}

function headersOf(delivery: Delivery, endpoint: Endpoint, vault: Vault, at: number): Record<string, string> {
  return signedHeaders({
    eventId: delivery.eventId,
    timestamp: Math.floor(at / 1000),
    body: delivery.payload,
    secrets: endpoint.secrets.map((secret) => vault.open(secret)),
  })
}

/** Any 2xx. A redirect is an answer like any other, and not this one. */
function isAccepted(answer: Answer | Failure): boolean {
  return 'status' in answer && answer.status >= 200 && answer.status < 300
}

function log(
  delivery: Delivery,
  headers: Record<string, string>,
  at: number,
  answer: Answer | Failure,
  turn: DeliveryTurn,
): void {
  delivery.attempts++
  delivery.logged++
  delivery.lastAttemptAt = new Date(at).toISOString()
  delivery.responseCode = 'status' in answer ? answer.status : null
  turn.write({
    n: delivery.logged,
    attempt: delivery.attempts,
    at: delivery.lastAttemptAt,
    durationMs: Math.round(answer.durationMs),
    responseCode: delivery.responseCode,
    error: 'error' in answer ? answer.error : null,
    requestHeaders: headers,
    responseHeaders: 'status' in answer ? answer.headers : null,
    responseBody: 'status' in answer ? answer.body : null,
    timings: answer.timings,
  })
}

function settle(delivery: Delivery, accepted: boolean, schedule: Schedule, turn: DeliveryTurn): void {
  if (accepted) {
    delivery.status = 'success'
    return
  }
  const delayMs = nextDelayMs(delivery.attempts, schedule, Math.random)
  if (delayMs === null) delivery.status = 'failed'
  else turn.schedule('attempt', delayMs)
}
