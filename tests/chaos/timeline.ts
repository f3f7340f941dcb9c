/** Everything that happened to one payment, from all sides, in order: what a person needs who asks how a promise was broken. */
import type { Facts } from './facts.ts'
import type { HappenedFault } from './run.ts'

interface Line {
  at: number
  text: string
}

/** Faults around a payment's life are its likely causes. */
const BEFORE_MS = 10_000

export function timelineOf(payment: string, facts: Facts, faults: readonly HappenedFault[]): string[] {
  const lines: Line[] = []
  const add = (at: number | Date, text: string) => lines.push({ at: Number(at), text })
  const story = facts.stories.find(({ paymentId }) => paymentId === payment)
  for (const { name, amount, at, decidedAt, sent, status, text } of story?.calls ?? []) {
    add(at, `merchant   ${name} ${amount ?? ''}`)
    if (decidedAt !== null)
      add(decidedAt, `merchant   ${name} answered ${status} after ${sent} tries: ${text.slice(0, 200)}`)
  }
  for (const { version, at, entry } of facts.journal.get(payment) ?? []) {
    const { messages, worker, save, changed, notes, error } = entry
    const what = { messages: messages.map(({ name }) => name), save, changed, notes, error }
    add(at, `turn       v${version} ${worker} ${JSON.stringify(what)}`)
  }
  for (const entry of facts.ledger.of(payment)) {
    const { key, kind, amount, approved, at, readyAt } = entry
    add(
      at,
      `bank       ${kind} ${amount} ${approved ? 'approved' : 'declined'} under ${key}, decided after ${readyAt - at} ms`,
    )
  }
  for (const event of facts.events.get(payment) ?? []) {
    add(event.created_at, `event      ${event.sequence} ${event.type} ${event.id}`)
    for (const { receiver, at } of facts.hits.get(event.id) ?? [])
      add(at, `webhook    ${event.type} came to ${receiver}`)
  }
  for (const { seq, command, created_at: at, handled_at: handledAt, result } of facts.inbox.get(payment) ?? []) {
    add(at, `command    ${seq} ${command}`)
    if (handledAt) add(handledAt, `command    ${seq} ${command} handled: ${JSON.stringify(result)?.slice(0, 200)}`)
  }
  const from = Math.min(...lines.map(({ at }) => at)) - BEFORE_MS
  const to = Math.max(...lines.map(({ at }) => at))
  for (const { name, detail, from: began, to: ended } of faults) {
    if (ended >= from && began <= to) add(began, `FAULT      ${name}: ${detail}, until ${iso(ended)}`)
  }
  return lines.sort((a, b) => a.at - b.at).map(({ at, text }) => `${iso(at)} ${text}`)
}

function iso(at: number): string {
  return new Date(at).toISOString().slice(11, 23)
}
