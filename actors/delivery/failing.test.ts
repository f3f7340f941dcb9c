import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { afterFailure, afterSuccess } from './failing.ts'
import { INTERVALS_75_HOURS } from './schedule.ts'

const test = suite('an endpoint that fails')

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const now = Date.parse('2026-01-31T12:00:00Z')
const failing = (since: number, last: number) => ({ sinceMs: now - since, lastMs: now - last })

test('is written down when it begins, once an hour while it goes on, and when it ends', () => {
  assert.is(afterFailure(null, now), 'failing')
  assert.is(afterFailure(failing(HOUR_MS - 1, HOUR_MS - 1), now), null)
  assert.is(afterFailure(failing(2 * HOUR_MS, HOUR_MS), now), 'still failing')
  assert.is(afterSuccess(failing(HOUR_MS, HOUR_MS)), 'recovered')
})

test('in good health costs no write', () => {
  assert.is(afterSuccess(null), null)
})

test('is given up after five days and not before', () => {
  assert.is(afterFailure(failing(5 * DAY_MS - 1, HOUR_MS / 2), now), null)
  assert.is(afterFailure(failing(5 * DAY_MS, HOUR_MS), now), 'failed for days')
})

test('of which nothing was heard between two failures is not one that failed for days', () => {
  assert.is(afterFailure(failing(7 * DAY_MS, 7 * DAY_MS), now), 'failing')
  assert.is(afterFailure(failing(7 * DAY_MS, 37 * HOUR_MS), now), 'failing')
})

test('on the longest schedule fails without a gap', () => {
  const longestMs = Math.max(...INTERVALS_75_HOURS) * 1000 * 1.2
  assert.is(afterFailure(failing(5 * DAY_MS, longestMs + HOUR_MS), now), 'failed for days')
})

test.run()
