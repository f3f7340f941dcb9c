import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Abort } from './abort.ts'

const abort = suite('abort')

const never = new Promise<void>(() => {})
const errorOf = (promise: Promise<unknown>) => promise.catch((error: Error) => error)

abort('work that settles in time settles, with its own error if it has one', async () => {
  const subject = new Abort()
  await subject.limit(Promise.resolve(), 1000)
  assert.match(String(await errorOf(subject.limit(Promise.reject(new Error('mine')), 1000))), /mine/)
  assert.is(subject.reason, null)
})

abort('past its deadline work is aborted, and may end in its own way', async () => {
  const subject = new Abort()
  const noticed = new Promise<void>((resolve) => subject.signal.addEventListener('abort', () => resolve()))
  await subject.limit(noticed, 10)
  assert.is(subject.reason?.name, 'TimeoutError')
})

abort('work that ignores its abort is left behind, with the reason', async () => {
  const subject = new Abort()
  const left = errorOf(subject.limit(never, 60_000))
  subject.abort(new Error('the lease was lost'))
  assert.match(String(await left), /the lease was lost/)
})

abort('the first reason stands, and a signal asked for later knows it', () => {
  const subject = new Abort()
  subject.abort(new Error('first'))
  subject.abort(new Error('second'))
  assert.match(String(subject.reason), /first/)
  assert.ok(subject.signal.aborted)
  assert.match(String(subject.signal.reason), /first/)
})

abort.run()
