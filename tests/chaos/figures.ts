/** A run in numbers. */
import type { Facts } from './facts.ts'
import type { HappenedFault } from './run.ts'
import type { Takeover } from './takeover.ts'

export interface Spread {
  count: number
  p50: number
  p99: number
  max: number
}

export interface Figures {
  payments: Record<string, number>
  calls: { decided: number; sent: number }
  refunds: number
  bankOperations: number
  events: number
  webhooks: { deliveries: number; received: number }
  turns: number
  /** Starts that lost their servers midway, and were repeated. */
  failedStarts: number
  faults: Record<string, number>
  /** From kill to the last of its claims being free, ms. */
  takeover: Spread
  /** From acceptance to success or failed, ms. */
  decision: Spread
}

export function figuresOf(facts: Facts, faults: readonly HappenedFault[], takeovers: readonly Takeover[]): Figures {
  const payments = [...facts.payments.values()]
  const calls = facts.stories.flatMap((story) => story.calls)
  return {
    payments: counted(payments.map(({ status, canceled }) => (canceled ? 'canceled' : status))),
    calls: {
      decided: calls.filter(({ status }) => status !== null).length,
      sent: calls.reduce((sum, { sent }) => sum + sent, 0),
    },
    refunds: total(facts.refunds),
    bankOperations: [...facts.ledger.all()].length,
    events: facts.allEvents.length,
    webhooks: { deliveries: total(facts.deliveries), received: total(facts.hits) },
    turns: total(facts.journal),
    failedStarts: facts.crashes.filter(({ wasReady }) => !wasReady).length,
    faults: counted(faults.map(({ name }) => name)),
    takeover: spreadOf(takeovers.map(({ ms }) => ms)),
    decision: spreadOf(decisionsOf(facts).map(({ ms }) => ms)),
  }
}

const OUTCOMES = ['payment.success', 'payment.failed', 'payment.canceled']

/** How long each payment took from its acceptance to its outcome. */
export function decisionsOf(facts: Facts): { payment: string; ms: number }[] {
  return [...facts.payments.values()].flatMap(({ id, created_at: created }) => {
    const outcome = facts.events.get(id)?.find(({ type }) => OUTCOMES.includes(type))
    return outcome ? [{ payment: id, ms: Number(outcome.created_at) - Number(created) }] : []
  })
}

export function spreadOf(values: number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) => Math.round(sorted[Math.ceil(sorted.length * share) - 1] ?? 0)
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) }
}

function total(groups: Map<string, unknown[]>): number {
  return [...groups.values()].reduce((sum, group) => sum + group.length, 0)
}

function counted(names: string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of names.toSorted()) counts[name] = (counts[name] ?? 0) + 1
  return counts
}
