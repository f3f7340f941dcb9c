/**
 * What a delivery has to tell its merchant about itself: that it was given up, or that its endpoint was disabled. Such a notice
 * goes to the merchant's other endpoints, and a notice that can't be delivered causes no further one: two dead endpoints
 * would otherwise tell each other of their death for ever.
 */
import { newId } from '../../schema/ids.ts'
import type { PaymentEvent } from '../payment/state.ts'
import { eventPayload } from '../payment/view.ts'
import type { Delivery, Endpoint } from './state.ts'

export function exhaustedNotice(delivery: Delivery, atMs: number): PaymentEvent | null {
  if (delivery.paymentId === null) return null
  const webhook = {
    id: delivery.id,
    event: delivery.type,
    event_id: delivery.eventId,
    endpoint_id: delivery.endpointId,
    payment_id: delivery.paymentId,
    attempts: delivery.attempts,
    response_code: delivery.responseCode,
    last_attempt_at: delivery.lastAttemptAt,
  }
  return notice('webhook.exhausted', atMs, { webhook })
}

export function disabledNotice(
  delivery: Delivery,
  endpoint: Endpoint,
  reason: 'gone' | 'failing',
  atMs: number,
): PaymentEvent {
  const failingSince = endpoint.failing && new Date(endpoint.failing.sinceMs).toISOString()
  return notice('endpoint.disabled', atMs, {
    endpoint: { id: delivery.endpointId, url: endpoint.url, status: 'disabled' },
    reason,
    failing_since: failingSince,
  })
}

function notice(type: string, atMs: number, data: object): PaymentEvent {
  return { id: newId('evt_'), type, sequence: 0, payload: eventPayload(type, atMs, data) }
}
