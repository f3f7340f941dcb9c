import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { monotonicMs } from './clock.ts'
import { Signal } from './signal.ts'

const signal = suite('signal')

signal('a notification that comes before anybody waits is not lost', async () => {
  const subject = new Signal()
  subject.notify()
  subject.notify()
  const started = monotonicMs()
  await subject.wait(5000)
  assert.ok(monotonicMs() - started < 1000)
})

signal('it counts once: the next wait waits', async () => {
  const subject = new Signal()
  subject.notify()
  await subject.wait(5000)
  const started = monotonicMs()
  await subject.wait(20)
  assert.ok(monotonicMs() - started >= 15)
})

signal('a waiter is woken at once, and its timeout is forgotten', async () => {
  const subject = new Signal()
  const waiting = subject.wait(60_000)
  subject.notify()
  await waiting
})

signal.run()
