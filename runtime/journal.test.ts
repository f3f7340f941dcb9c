import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { noEffects } from './effects.ts'
import { describeFailure, journalEntry, type Told } from './journal.ts'

const journal = suite('journal')

const told = (some: Partial<Told>): Told => ({
  worker: 'w1',
  startedAt: 1000.4,
  tookMs: 12.345,
  before: { status: 'pending', amount: 1 },
  after: { status: 'pending', amount: 1 },
  effects: noEffects(),
  save: false,
  error: null,
  ...some,
})
const message = { kind: 'command' as const, name: 'capture', body: null, seq: 1, at: 0 }

journal('a turn that changed nothing leaves a short line', () => {
  assert.equal(journalEntry(told({})), { messages: [], worker: 'w1', started: 1000, took: 12.3 })
})

journal('it names the facts that changed, with their new values, and only those', () => {
  const { changed } = journalEntry(told({ after: { status: 'success', amount: 1 } }))
  assert.equal(changed, { status: 'success' })
})

journal('it tells what was scheduled, sent and noted, and what went wrong', () => {
  const effects = {
    ...noEffects(),
    scheduled: { inquire: 5 },
    sends: ['1/payment/a' as const],
    notes: [{ kind: 'attempt', name: 'authorize', at: 1 }],
  }
  const entry = journalEntry(told({ effects, save: true, error: 'capture: no' }))
  assert.equal(
    { save: entry.save, scheduled: entry.scheduled, sent: entry.sent, notes: entry.notes, error: entry.error },
    {
      save: true,
      scheduled: { inquire: 5 },
      sent: ['1/payment/a'],
      notes: [{ kind: 'attempt', name: 'authorize', at: 1 }],
      error: 'capture: no',
    },
  )
})

journal('an error of any text can be written: bounded, without NUL, without half a character', () => {
  assert.is(describeFailure(message, new Error('a\0b')), 'capture: ab')
  const cut = describeFailure(message, new Error('x'.repeat(490) + '💳'.repeat(20)))
  assert.ok(cut.length <= 500)
  assert.ok(cut.isWellFormed())
  assert.is(describeFailure(message, 'thrown text'), 'capture: thrown text')
})

journal.run()
