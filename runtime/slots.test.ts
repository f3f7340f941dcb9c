import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Slots } from './slots.ts'

const slots = suite('slots')

function payments(count: number, deliveries: number) {
  let freed = 0
  const subject = new Slots(
    [
      { kind: 'payment', slots: count },
      { kind: 'delivery', slots: deliveries },
    ],
    () => freed++,
  )
  return { subject, freed: () => freed }
}

slots('each kind has its own: deliveries that take all of theirs leave the payments theirs', () => {
  const { subject } = payments(4, 2)
  assert.equal(subject.reserve(1, 128), { payment: 4, delivery: 2 })
  subject.release('payment', 4)
  assert.equal(subject.reserve(1, 128), { payment: 4, delivery: 0 })
})

slots('a share is rounded up, so that half of one is still one', () => {
  const { subject } = payments(5, 1)
  assert.equal(subject.reserve(0.5, 128), { payment: 3, delivery: 1 })
})

slots('one turn reserves no more than it may claim', () => {
  const { subject } = payments(300, 0)
  assert.equal(subject.reserve(1, 128), { payment: 128, delivery: 0 })
  assert.is(subject.free('payment'), 172)
})

slots('whoever was left without is told when there is one again, and not for every further one', () => {
  const { subject, freed } = payments(2, 1)
  subject.reserve(1, 128)
  subject.release('payment', 1)
  subject.release('payment', 1)
  subject.release('delivery', 0)
  assert.is(freed(), 1)
})

slots('a quarter is many', () => {
  const { subject } = payments(8, 1)
  subject.reserve(1, 7)
  assert.not(subject.manyFree('payment'))
  subject.release('payment', 1)
  assert.ok(subject.manyFree('payment'))
})

slots.run()
