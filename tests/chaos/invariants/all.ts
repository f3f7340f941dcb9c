/** All promises, the dearest first: a report shows the first that was broken. */
import type { Facts } from '../facts.ts'
import { answersAreTrue, oneOrderOnePayment } from './answers.ts'
import { everyCallIsDecided, everyPaymentEnds } from './ends.ts'
import { everyEventArrives, toldOnceInOrder } from './events.ts'
import type { Breach, Invariant } from './invariant.ts'
import { journalReplays } from './journal.ts'
import { booksAgree, oneChargeAPayment, refundsWithinCharge } from './money.ts'
import { nobodyCrashes, noCardData, redisIsEmpty } from './rest.ts'

const INVARIANTS: readonly Invariant[] = [
  oneChargeAPayment,
  refundsWithinCharge,
  booksAgree,
  everyPaymentEnds,
  oneOrderOnePayment,
  answersAreTrue,
  toldOnceInOrder,
  everyEventArrives,
  journalReplays,
  everyCallIsDecided,
  nobodyCrashes,
  redisIsEmpty,
  noCardData,
]

export interface Verdict {
  invariant: string
  breaches: Breach[]
}

/** Breaches of one promise that a report names; their number is told beyond that. */
const NAMED = 50

export function judge(facts: Facts): (Verdict & { count: number })[] {
  return INVARIANTS.map(({ name, check }) => {
    const breaches = [...check(facts)]
    return { invariant: name, count: breaches.length, breaches: breaches.slice(0, NAMED) }
  })
}
