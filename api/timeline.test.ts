import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type TimelineSources, timeline } from './timeline.ts'

const test = suite('timeline')
const start = Date.parse('2026-01-15T10:00:00.000Z')
const at = (ms: number) => new Date(start + ms)

/** A payment that is announced, asked for, decided by a timer, and told to one receiver. */
const sources: TimelineSources = {
  payment: { createdAt: at(0).toISOString() },
  journal: [
    {
      version: 1,
      at: at(8),
      entry: {
        messages: [{ kind: 'timer', name: 'announce', at: start, took: 1, emitted: 1 }],
        worker: 'w1',
        started: start + 5,
        took: 2,
        save: true,
      },
    },
    {
      version: 2,
      at: at(40),
      entry: {
        messages: [{ kind: 'timer', name: 'process', at: start, took: 30 }],
        worker: 'w1',
        started: start + 5,
        took: 32,
        scheduled: { inquire: start + 7_000 },
        notes: [{ kind: 'attempt', name: 'authorize', at: start + 20, took: 9, detail: { answer: 'pending' } }],
      },
    },
    {
      version: 3,
      at: at(7_010),
      entry: {
        messages: [{ kind: 'timer', name: 'inquire', at: start + 7_000, took: 4, emitted: 1 }],
        worker: 'w2',
        started: start + 7_001,
        took: 6,
        changed: { status: 'success' },
      },
    },
    {
      version: 4,
      at: at(9_000),
      entry: { messages: [], worker: 'w2', started: start + 8_990, took: 5, error: 'capture: no bank' },
    },
  ],
  events: [
    { id: 'evt_1', type: 'payment.created', sequence: 1, created_at: at(8) },
    { id: 'evt_2', type: 'payment.success', sequence: 2, created_at: at(7_010) },
  ],
  attempts: [
    {
      delivery_id: 'd1',
      event_id: 'evt_2',
      endpoint_id: 'whe_1',
      type: 'payment.success',
      attempt: 1,
      at: at(7_020),
      duration_ms: 12,
      response_code: 200,
      error: null,
    },
  ],
}

test('everything is told once, in order, with its cause', () => {
  const told = timeline(sources).map(({ seq, kind, name, cause }) => `${seq} ${kind} ${name} < ${cause}`)
  assert.equal(told, [
    '1 state pending < POST /api/v1/payments',
    '2 attempt intent < POST /api/v1/payments',
    '3 message announce < timer',
    '4 message process < timer',
    '5 attempt intent < process',
    '6 event payment.created < announce',
    '7 attempt authorize < process',
    '8 message inquire < timer',
    '9 state success < inquire',
    '10 event payment.success < inquire',
    '11 webhook payment.success < evt_2',
    '12 message failed < null',
  ])
})

test('durations and details are those of the sources', () => {
  const lines = timeline(sources)
  assert.equal(lines[6]?.detail, { answer: 'pending' })
  assert.is(lines[6]?.duration_ms, 9)
  assert.equal(lines[7]?.detail, { worker: 'w2', version: 3, due_at: at(7_000).toISOString() })
  assert.is(lines[10]?.detail.response_code, 200)
  assert.is(lines[11]?.detail.error, 'capture: no bank')
})

test('a message tells when the timers that it set are due', () => {
  assert.equal(timeline(sources)[3]?.detail, {
    worker: 'w1',
    version: 2,
    due_at: at(0).toISOString(),
    scheduled: { inquire: at(7_000).toISOString() },
  })
})

const states: [changed: Record<string, unknown>, name: string][] = [
  [{ status: 'failed', error_code: 'PAYMENT_FAILED' }, 'failed'],
  [{ status: 'failed', canceled: true }, 'canceled'],
  [{ canceled: true }, 'canceled'],
  [{ captured_amount: 100 }, 'captured'],
  [{ amount_refunded: 100 }, 'refunded'],
]
for (const [changed, name] of states) {
  test(`${JSON.stringify(changed)} is told as ${name}`, () => {
    const entry = { messages: [], worker: 'w', started: start, took: 1, changed }
    const lines = timeline({ ...sources, journal: [{ version: 1, at: at(1), entry }], events: [], attempts: [] })
    assert.is(lines.find(({ kind, seq }) => kind === 'state' && seq > 1)?.name, name)
  })
}

test.run()
