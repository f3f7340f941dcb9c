import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { judge } from './invariants.ts'

const test = suite('the promises, counted')

const sound = {
  payments: 10,
  open: 2,
  settled: 8,
  unmatched: 0,
  double_charges: 0,
  refunds: 3,
  over_refunded: 0,
  events: 40,
  untold: 0,
  awake: 2,
  commits: 50,
  unrecorded: 0,
  deliveries: 40,
  doubled: 0,
}

test('all hold while nothing is lost, doubled or forgotten', () => {
  assert.equal(
    judge(sound).filter(({ holds }) => !holds),
    [],
  )
})

const breaches: [string, Partial<typeof sound>][] = [
  ['Every accepted payment is open or settled', { settled: 7 }],
  ['Our books equal the bank’s books', { unmatched: 1 }],
  ['No payment was charged twice', { double_charges: 1 }],
  ['No refund passed its payment', { over_refunded: 1 }],
  ['Every event was told once, in order', { untold: 1 }],
  ['Every open payment has a wake-up', { awake: 1 }],
  ['Every commit stands in the journal', { unrecorded: 1 }],
  ['Every event has one delivery per endpoint', { doubled: 1 }],
]
for (const [name, counts] of breaches) {
  test(`one payment that breaks it is seen: ${name}`, () => {
    const broken = judge({ ...sound, ...counts }).filter(({ holds }) => !holds)
    assert.equal(broken, [{ name, holds: false, broken: 1, of: judge(sound).find((one) => one.name === name)?.of }])
  })
}

test.run()
