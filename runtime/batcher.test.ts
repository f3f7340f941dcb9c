import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Batcher, Overloaded } from './batcher.ts'

const batcher = suite('batcher')

/** Calls wait until they are let go, so that a test decides what is on the wire. */
function gated(options: { max: number; concurrency: number; limit: number }) {
  const calls: { items: number[]; answer: (results: number[]) => void; fail: (error: Error) => void }[] = []
  const subject = new Batcher<number, number>((items) => {
    const { promise, resolve, reject } = Promise.withResolvers<number[]>()
    calls.push({ items, answer: resolve, fail: reject })
    return promise
  }, options)
  return { subject, calls }
}
const tick = () => new Promise((resolve) => setImmediate(resolve))
const call = <T>(calls: T[], n: number) => calls[n] as T

batcher('what one tick adds travels together, and each gets its own answer', async () => {
  const { subject, calls } = gated({ max: 10, concurrency: 1, limit: 10 })
  const answers = [1, 2, 3].map((n) => subject.add(n))
  await tick()
  assert.equal(
    calls.map(({ items }) => items),
    [[1, 2, 3]],
  )
  call(calls, 0).answer([10, 20, 30])
  assert.equal(await Promise.all(answers), [10, 20, 30])
})

batcher('while a call is on the wire the next group grows, up to its size', async () => {
  const { subject, calls } = gated({ max: 2, concurrency: 1, limit: 10 })
  const first = subject.add(1)
  await tick()
  const later = [2, 3, 4].map((n) => subject.add(n))
  await tick()
  assert.is(calls.length, 1, 'a second call went out beside the first')
  assert.is(subject.size, 3)
  call(calls, 0).answer([1])
  await first
  await tick()
  assert.equal(call(calls, 1).items, [2, 3])
  call(calls, 1).answer([2, 3])
  await tick()
  call(calls, 2).answer([4])
  assert.equal(await Promise.all(later), [2, 3, 4])
})

batcher('as many calls as allowed run side by side', async () => {
  const { subject, calls } = gated({ max: 1, concurrency: 2, limit: 10 })
  for (const n of [1, 2, 3]) void subject.add(n)
  await tick()
  assert.is(calls.length, 2)
})

batcher('beyond its limit it refuses at once, and takes again when there is room', async () => {
  const { subject, calls } = gated({ max: 2, concurrency: 1, limit: 2 })
  const accepted = [1, 2].map((n) => subject.add(n))
  const refused = await subject.add(3).catch((error: unknown) => error)
  assert.instance(refused, Overloaded)
  await tick()
  void subject.add(4)
  call(calls, 0).answer([1, 2])
  await Promise.all(accepted)
})

batcher('a call that fails fails its own items, and the next goes out', async () => {
  const { subject, calls } = gated({ max: 2, concurrency: 1, limit: 10 })
  const [a, b, c] = [1, 2, 3].map((n) => subject.add(n).catch((error: Error) => error.message))
  await tick()
  call(calls, 0).fail(new Error('no'))
  assert.equal(await Promise.all([a, b]), ['no', 'no'])
  await tick()
  call(calls, 1).answer([3])
  assert.is(await c, 3)
})

batcher('a call that answers too few is an error for all, not an undefined for some', async () => {
  const { subject, calls } = gated({ max: 2, concurrency: 1, limit: 10 })
  const both = [1, 2].map((n) => subject.add(n).catch((error: Error) => error.message))
  await tick()
  call(calls, 0).answer([1])
  assert.equal(await Promise.all(both), ['1 results for 2 items', '1 results for 2 items'])
})

batcher.run()
