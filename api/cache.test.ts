import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Cache } from './cache.ts'

const test = suite('cache')
const FOREVER = () => Number.POSITIVE_INFINITY

/** A load that the test settles itself, and how often it was asked for. */
function heldLoad() {
  const loads: { key: string; settle(value: string | null): void; fail(error: Error): void }[] = []
  const load = (key: string) =>
    new Promise<string | null>((settle, fail) => {
      loads.push({ key, settle, fail })
    })
  return { loads, load }
}

test('however many wait for a key, one load is under way', async () => {
  const { loads, load } = heldLoad()
  const cache = new Cache(load, { max: 10, ttlMs: FOREVER })
  const reads = [cache.read('a'), cache.read('a'), cache.read('a')]
  assert.is(loads.length, 1)
  loads[0]?.settle('A')
  assert.equal(await Promise.all(reads), ['A', 'A', 'A'])
  assert.is(await cache.read('a'), 'A')
  assert.is(loads.length, 1)
})

test('a load that fails fails those who wait, and the next read loads again', async () => {
  const { loads, load } = heldLoad()
  const cache = new Cache(load, { max: 10, ttlMs: FOREVER })
  const read = cache.read('a')
  loads[0]?.fail(new Error('away'))
  const message = await read.then(
    () => 'none',
    (error: Error) => error.message,
  )
  assert.is(message, 'away')
  void cache.read('a')
  assert.is(loads.length, 2)
})

test('what does not exist is not kept', async () => {
  const cache = new Cache(async () => null, { max: 10, ttlMs: FOREVER })
  assert.is(await cache.read('a'), null)
  assert.is(cache.peek('a'), null)
})

test('the least recently used leaves first', async () => {
  const cache = new Cache(async (key) => key.toUpperCase(), { max: 2, ttlMs: FOREVER })
  await cache.read('a')
  await cache.read('b')
  await cache.read('a')
  await cache.read('c')
  assert.equal([cache.peek('a'), cache.peek('b'), cache.peek('c')], ['A', null, 'C'])
})

test('a value whose life is over makes its reader wait for a new one', async () => {
  let n = 0
  const cache = new Cache(async () => ++n, { max: 2, ttlMs: () => 0 })
  assert.equal([await cache.read('a'), await cache.read('a')], [1, 2])
})

test('past half of its life a value is answered at once and loaded behind the scenes', async () => {
  const { loads, load } = heldLoad()
  const cache = new Cache(load, { max: 2, ttlMs: () => 40 })
  cache.set('a', 'old')
  await new Promise((resolve) => setTimeout(resolve, 25))
  assert.is(await cache.read('a'), 'old')
  assert.is(loads.length, 1)
  loads[0]?.settle('new')
  await Promise.resolve()
  assert.is(cache.peek('a'), 'new')
})

test('what took long to load lives long', async () => {
  const lives: number[] = []
  const ttlMs = (tookMs: number) => lives.push(tookMs)
  const cache = new Cache(() => new Promise<string>((resolve) => setTimeout(resolve, 20, 'A')), { max: 2, ttlMs })
  await cache.read('a')
  assert.ok((lives[0] ?? 0) >= 15)
})

test.run()
