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
  name: 'no process ends by itself',
  *check({ crashes }) {
    for (const what of crashes) yield { payment: null, what }
  },
}
