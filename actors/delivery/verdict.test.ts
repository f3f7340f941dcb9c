import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Answer } from './dialler.ts'
import { STANDARD_SCHEDULE } from './schedule.ts'
import { retryAfterMs, type Verdict, verdictOn } from './verdict.ts'

const test = suite('what a receiver’s answer means')

const nowMs = Date.parse('2026-01-31T12:00:00Z')
const failure = { error: 'connection refused', timings: {}, durationMs: 1, address: null }

function answer(status: number, headers: Record<string, string> = {}): Answer {
  return { status, headers, body: '', truncated: false, timings: {}, durationMs: 1, address: '203.0.113.7' }
}

const judged = (given: Parameters<typeof verdictOn>[0], attempts = 1): Verdict =>
  verdictOn(given, { attempts, schedule: STANDARD_SCHEDULE, nowMs, random: () => 0 })

test('any 2xx is taken, everything else is tried again on the schedule, 410 is the end', () => {
  for (const status of [200, 201, 202, 204, 299]) assert.equal(judged(answer(status)), { kind: 'accepted' })
  for (const status of [100, 300, 301, 302, 308, 400, 401, 404, 408, 429, 500, 503, 599]) {
    assert.equal(judged(answer(status)), { kind: 'retry', delayMs: 60_000 }, String(status))
  }
  assert.equal(judged(failure), { kind: 'retry', delayMs: 60_000 })
  assert.equal(judged(answer(410)), { kind: 'gone' })
})

test('after the last attempt it is exhausted, whatever the receiver asks for', () => {
  assert.equal(judged(failure, 5), { kind: 'exhausted' })
  assert.equal(judged(answer(503, { 'retry-after': '5' }), 5), { kind: 'exhausted' })
  assert.equal(judged(answer(410), 5), { kind: 'gone' })
})

test('a receiver may ask for a later attempt, never for an earlier one, and for an hour at most', () => {
  const delay = (value: string, attempts = 1) => {
    const verdict = judged(answer(429, { 'retry-after': value }), attempts)
    return verdict.kind === 'retry' ? verdict.delayMs : null
  }
  assert.is(delay('10'), 60_000)
  assert.is(delay('90'), 90_000)
  assert.is(delay('Sat, 31 Jan 2026 12:05:00 GMT'), 300_000)
  assert.is(delay('86400'), 3_600_000)
  assert.is(delay('86400', 4), 7_200_000)
})

test('a Retry-After is seconds or a date, and anything else is nothing', () => {
  const table: [string | undefined, number][] = [
    ['120', 120_000],
    [' 0 ', 0],
    ['Sat, 31 Jan 2026 12:00:30 GMT', 30_000],
    ['Sat, 31 Jan 2026 11:00:00 GMT', 0],
    ...[undefined, '', '-5', '1.5', '5s', 'soon', '99999999999', '2026-02-01'].map((text) => [text, 0] as const),
  ] as [string | undefined, number][]
  for (const [header, expected] of table) assert.is(retryAfterMs(header, nowMs), expected, String(header))
})

test.run()
