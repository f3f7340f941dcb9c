import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { CLAIMS_A_TURN } from './limits.ts'
import { StoreOutage } from './outage.ts'

const outage = suite('store outage')

outage('while the store is away nothing is claimed, then one to see, and all again once it has answered', async () => {
  const subject = new StoreOutage()
  assert.is(subject.limit, CLAIMS_A_TURN)
  subject.begin()
  assert.is(subject.limit, 0)
  await new Promise((resolve) => setTimeout(resolve, subject.pauseMs + 5))
  assert.is(subject.limit, 1)
  subject.look()
  assert.is(subject.limit, 0, 'one looks, everybody else waits for what comes of it')
  subject.end()
  assert.is(subject.limit, CLAIMS_A_TURN)
})

outage('to look at a store that is not away changes nothing', () => {
  const subject = new StoreOutage()
  subject.look()
  assert.is(subject.limit, CLAIMS_A_TURN)
})

outage.run()
