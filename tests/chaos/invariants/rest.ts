/** What must not be there when all is done. */
import type { Invariant } from './invariant.ts'

export const redisIsEmpty: Invariant = {
  name: 'at rest nothing is left in any structure of Redis',
  *check({ leftInRedis }) {
    for (const what of leftInRedis) yield { payment: null, what }
  },
}

export const noCardData: Invariant = {
  name: 'card data stands nowhere',
  *check({ cardData }) {
    for (const what of cardData) yield { payment: null, what }
  },
}

export const nobodyCrashes: Invariant = {
  name: 'no process that was ready ends by itself, and none says that it can never start',
  *check({ crashes }) {
    for (const { member, wasReady, how, lastWords } of crashes) {
      // A start that loses its servers midway ends, and whoever supervises it starts it again.
      if (wasReady || how !== 1) yield { payment: null, what: `${member} ended with ${how}: ${lastWords}` }
    }
  },
}
