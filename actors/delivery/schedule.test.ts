import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  INTERVALS_75_HOURS,
  nextDelayMs,
  type Schedule,
  STANDARD_SCHEDULE,
  scheduleOf,
  TEST_SCHEDULE,
} from './schedule.ts'

const test = suite('schedule')

function delays(schedule: Schedule, random: () => number): (number | null)[] {
  return [...schedule.intervals, 0].map((_, index) => nextDelayMs(index + 1, schedule, random))
}

test('the standard schedule is 60, 300, 1800 and 7200 seconds, exactly, and then ends', () => {
  assert.equal(
    delays(STANDARD_SCHEDULE, () => 0.99),
    [60_000, 300_000, 1_800_000, 7_200_000, null],
  )
})

test('the test schedule is 5, 10, 15 and 20 seconds, exactly, and then ends', () => {
  assert.equal(
    delays(TEST_SCHEDULE, () => 0.99),
    [5_000, 10_000, 15_000, 20_000, null],
  )
})

test('the schedule for three days ends 75 hours after its first attempt', () => {
  const hours = INTERVALS_75_HOURS.reduce((sum, seconds) => sum + seconds, 0) / 3_600
  assert.ok(hours > 75 && hours < 76)
})

test("a merchant's own list is never early and at most a fifth late", () => {
  const lists = fc.array(fc.integer({ min: 1, max: 86_400 }), { maxLength: 10 })
  fc.assert(
    fc.property(lists, fc.double({ min: 0, max: 0.999, noNaN: true }), (retryIntervals, chance) => {
      const own = delays(scheduleOf({ retryIntervals }, STANDARD_SCHEDULE), () => chance)
      assert.is(own.pop(), null)
      own.forEach((delay, index) => {
        const exact = (retryIntervals[index] as number) * 1000
        assert.ok(delay !== null && delay >= exact && delay <= exact * 1.2)
      })
    }),
  )
})

test("a merchant's own list really spreads", () => {
  const own = scheduleOf({ retryIntervals: [100] }, STANDARD_SCHEDULE)
  assert.is(
    nextDelayMs(1, own, () => 0),
    100_000,
  )
  assert.is(
    nextDelayMs(1, own, () => 0.5),
    110_000,
  )
})

test("an endpoint without a list of its own follows the gateway's schedule", () => {
  assert.is(scheduleOf({ retryIntervals: null }, TEST_SCHEDULE), TEST_SCHEDULE)
})

test('an empty list means one attempt and no retry', () => {
  assert.is(nextDelayMs(1, scheduleOf({ retryIntervals: [] }, STANDARD_SCHEDULE), Math.random), null)
})

test.run()
