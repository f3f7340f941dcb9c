/** What merchants are told by webhook. */
import { createHash } from 'node:crypto'
import type { Delivery, Endpoint, Event, Facts } from '../facts.ts'
import { isLateRefusal } from './answers.ts'
import type { Breach, Invariant } from './invariant.ts'

/** What may follow what, by the last thing told about the payment itself. */
const NEXT: Record<string, readonly string[]> = {
  '': ['payment.created'],
  'payment.created': ['payment.pending'],
  'payment.pending': ['payment.success', 'payment.failed', 'payment.canceled'],
  'payment.success': ['payment.captured', 'payment.canceled'],
  'payment.captured': [],
  'payment.failed': ['payment.canceled'],
  'payment.canceled': ['payment.failed'],
}

export const toldOnceInOrder: Invariant = {
  name: 'each change of state is told once, and in order',
  *check({ payments, events, refunds }) {
    for (const { id, event_seq: told, status } of payments.values()) {
      const story = events.get(id) ?? []
      const breach = (what: string): Breach => ({ payment: id, what })
      const sequence = story.map((event) => event.sequence).join()
      const dense = Array.from({ length: told }, (_, n) => n + 1).join()
      if (sequence !== dense) yield breach(`events are numbered ${sequence} instead of ${dense}`)
      let last = ''
      for (const { type } of story.filter((event) => event.type.startsWith('payment.'))) {
        if (!NEXT[last]?.includes(type)) yield breach(`${type} was told after ${last || 'nothing'}`)
        last = type
      }
      const outcome = story.filter(({ type }) => type === 'payment.success' || type === 'payment.failed')
      if (status === 'success' && outcome[0]?.type !== 'payment.success') yield breach('success was never told')
      if (outcome.length > 1) yield breach(`two outcomes were told: ${outcome.map(({ type }) => type)}`)
      const refused = (refunds.get(id) ?? []).filter(isLateRefusal)
      yield* refundsTold(story, new Set(refused.map((refund) => refund.id)), breach)
    }
  },
}

function* refundsTold(
  story: Event[],
  refusedLate: ReadonlySet<string>,
  breach: (what: string) => Breach,
): Iterable<Breach> {
  const told = new Map<string, string>()
  for (const { type, payload } of story.filter((event) => event.type.startsWith('refund.'))) {
    const { id } = (JSON.parse(payload) as { data: { refund: { id: string } } }).data.refund
    const before = told.get(id)
    const isFirst = type === 'refund.created' || (type === 'refund.failed' && refusedLate.has(id))
    const fits = isFirst ? before === undefined : before === 'refund.created'
    if (!fits) yield breach(`${type} of ${id} was told after ${before ?? 'nothing'}`)
    told.set(id, type)
  }
}

export const everyEventArrives: Invariant = {
  name: 'every event reaches every live endpoint, signed, with the bytes that are stored',
  *check(facts) {
    for (const event of facts.allEvents) {
      const breach = (what: string): Breach => ({
        payment: event.payment_id,
        what: `${event.type} ${event.id} ${what}`,
      })
      const deliveries = facts.deliveries.get(event.id) ?? []
      for (const endpoint of facts.endpoints) {
        const own = deliveries.filter((delivery) => delivery.endpoint_id === endpoint.id)
        const wanted = wants(endpoint, event) ? 1 : 0
        // Given up by its merchant towards the end: what came later is not sent there any more.
        const isFewer = own.length < wanted && !endpoint.enabled
        if (own.length !== wanted && !isFewer)
          yield breach(`has ${own.length} deliveries to ${endpoint.description}, not ${wanted}`)
        for (const delivery of own) yield* arrival(facts, event, endpoint, delivery, breach)
      }
    }
  },
}

/** A notice about a dead endpoint goes to all others, and this run has one that dies. */
function wants(endpoint: Endpoint, event: Event): boolean {
  const family = `${event.type.split('.')[0]}.*`
  const subscribed = ['*', event.type, family].some((name) => endpoint.events.includes(name))
  return subscribed && !(event.payment_id === null && endpoint.description === 'gone')
}

function* arrival(
  { hits }: Facts,
  event: Event,
  endpoint: Endpoint,
  delivery: Delivery,
  breach: (what: string) => Breach,
): Iterable<Breach> {
  const where = endpoint.description as string
  const came = (hits.get(event.id) ?? []).filter(({ receiver }) => receiver === where)
  if (where === 'gone') {
    if (delivery.status !== 'failed') yield breach(`is ${delivery.status} at an endpoint that never answered`)
    return
  }
  if (delivery.status !== 'success')
    yield breach(`is ${delivery.status} at ${where} after ${delivery.attempts} attempts`)
  if (came.length === 0) yield breach(`never came to ${where}`)
  const digest = createHash('sha256').update(event.payload).digest('hex')
  if (came.some((hit) => hit.digest !== digest || !hit.signed))
    yield breach(`came to ${where} with other bytes, or unsigned`)
}
