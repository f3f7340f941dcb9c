import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { TimelineEntry, Webhook } from '../../../data/types.ts'
import { buildTree, flatten, type Row } from './tree.ts'

const test = suite('the tree of causes')

const zero = Date.parse('2026-01-15T10:00:00.000Z')
const at = (ms: number) => new Date(zero + ms).toISOString()
let seq = 0
const entry = (
  ms: number,
  kind: TimelineEntry['kind'],
  name: string,
  cause: string | null,
  detail: Record<string, unknown> = {},
  duration_ms: number | null = null,
): TimelineEntry => ({ seq: ++seq, at: at(ms), kind, name, cause, duration_ms, detail })

const payment: TimelineEntry[] = [
  entry(0, 'state', 'pending', 'POST /api/v1/payments'),
  entry(5, 'message', 'announce', 'timer', { version: 1 }, 1),
  entry(5, 'message', 'process', 'timer', { version: 2, scheduled: { inquire: at(7_000) } }, 30),
  entry(8, 'event', 'payment.created', 'announce', { id: 'evt_1' }),
  entry(20, 'attempt', 'authorize', 'process', { answer: 'pending' }, 9),
  entry(40, 'webhook', 'payment.created', 'evt_1', { delivery_id: 'd1', attempt: 1, response_code: 200 }, 12),
  entry(7_001, 'message', 'inquire', 'timer', { version: 3, due_at: at(7_000) }, 4),
  entry(7_004, 'state', 'success', 'inquire', { version: 3, status: 'success' }),
  entry(7_005, 'event', 'payment.success', 'inquire', { id: 'evt_2' }),
  entry(7_010, 'webhook', 'payment.success', 'evt_2', { delivery_id: 'd2', attempt: 1, response_code: 503 }, 1_200),
]

const pendingDelivery: Webhook = {
  id: 'd2',
  event: 'payment.success',
  status: 'pending',
  attempts: 1,
  created_at: at(7_005),
  last_attempt_at: at(7_010),
  next_retry_at: at(67_010),
  response_code: 503,
  payment_id: 'pay_1',
  sequence: 3,
  endpoint_id: 'whe_1',
  endpoint_url: 'https://example.com/hooks',
  max_attempts: 5,
}

/** The tree as an indented list. */
function drawn(rows: Row[], depth = 0): string[] {
  return rows.flatMap((row) => [
    `${'  '.repeat(depth)}${row.kind} ${row.change ? `${row.change}, ` : ''}${row.name}`,
    ...drawn(row.children, depth + 1),
  ])
}

test('everything hangs under what caused it, over the wait of a timer too', () => {
  assert.equal(drawn(buildTree(payment, [pendingDelivery])), [
    'accepted pending',
    '  message announce',
    '    event payment.created',
    '      webhook payment.created',
    '  message process',
    '    attempt authorize',
    '    timer inquire',
    '      message inquire',
    '        event success, payment.success',
    '          webhook payment.success',
    '          due payment.success',
  ])
})

test('every row of the timeline is in the tree, and knows its parent', () => {
  const rows = flatten(buildTree(payment, []))
  const keys = new Set(rows.map(({ key }) => key))
  // The change to success is one row with its event.
  for (const { seq: number, kind, name } of payment)
    assert.is(keys.has(String(number)), !(kind === 'state' && name === 'success'))
  for (const row of rows) for (const child of row.children) assert.is(child.parent, row)
})

test('a call to the bank began before its answer was noted', () => {
  const call = flatten(buildTree(payment, [])).find(({ name }) => name === 'authorize')
  assert.equal([call?.startMs, call?.endMs], [11, 20])
})

test('a timer that is still to come is told as due', () => {
  const rows = buildTree(payment.slice(0, 5), [])
  assert.equal(drawn(rows).slice(-2), ['    timer inquire', '      due inquire'])
})

test('a payment that asks again and again does not leave the page', () => {
  const asking = Array.from({ length: 20 }, (_, i) =>
    entry(7_001 + i * 8_000, 'message', 'inquire', 'timer', {
      version: 3 + i,
      due_at: at(7_000 + i * 8_000),
      scheduled: { inquire: at(15_000 + i * 8_000) },
    }),
  )
  const depth = (rows: Row[]): number => Math.max(0, ...rows.map(({ children }) => 1 + depth(children)))
  assert.ok(depth(buildTree([...payment.slice(0, 5), ...asking], [])) <= 5)
})

test('a command begins a branch of its own', () => {
  const capture = entry(9_000, 'message', 'capture', 'command 1', { version: 4 })
  assert.equal(drawn(buildTree([...payment, capture], [])).at(-1), 'message capture')
})

test('without a timeline there is no tree', () => assert.equal(buildTree([], []), []))

test.run()
