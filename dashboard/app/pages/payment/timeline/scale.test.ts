import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { foldedScale } from './scale.ts'

const test = suite('the folded scale')

const life = [
  { startMs: 0, endMs: 3 },
  { startMs: 5, endMs: 110 },
  { startMs: 7_300, endMs: 8_600 },
  { startMs: 68_500, endMs: 68_500 },
]

test('waits over a second are folded, shorter ones are not', () => {
  const { folds, stretches } = foldedScale(life)
  assert.equal(
    folds.map(({ ms }) => ms),
    [7_190, 59_900],
  )
  assert.is(stretches.length, 3)
})

test('what is due about the same time in an hour is one stretch', () => {
  const due = [3_698_000, 3_847_000, 3_915_000].map((ms) => ({ startMs: ms, endMs: ms }))
  const { folds, stretches } = foldedScale([...life, ...due])
  assert.equal(
    folds.map(({ ms }) => ms),
    [7_190, 59_900, 3_629_500],
  )
  assert.equal([stretches.at(-1)?.fromMs, stretches.at(-1)?.toMs], [3_698_000, 3_915_000])
})

test('later is always further to the right, and everything lies on the track', () => {
  const { at } = foldedScale(life)
  const places = [0, 3, 50, 110, 2_000, 7_300, 8_000, 8_600, 30_000, 68_500, 90_000].map(at)
  assert.equal(
    places,
    [...places].sort((a, b) => a - b),
  )
  assert.is(new Set(places).size, places.length)
  assert.ok(places.every((place) => place >= 0 && place <= 100))
})

test('between two folds the axis is true to scale', () => {
  const { at } = foldedScale(life)
  assert.ok(Math.abs(at(7_950) - (at(7_300) + at(8_600)) / 2) < 1e-9)
})

test('stretches and folds meet without a gap and fill the track', () => {
  const { folds, stretches } = foldedScale(life)
  const parts = [...folds, ...stretches].sort((a, b) => a.x - b.x)
  parts.forEach((part, i) => {
    const next = parts[i + 1]
    if (next) assert.ok(Math.abs(part.x + part.width - next.x) < 1e-9)
  })
  assert.ok(
    Math.abs(
      stretches.reduce((sum, { width }) => sum + width, 0) + folds.reduce((sum, { width }) => sum + width, 0) - 99,
    ) < 1e-9,
  )
})

test('fifty waits leave room for what happened between them', () => {
  const { stretches } = foldedScale(
    Array.from({ length: 50 }, (_, i) => ({ startMs: 1.3 ** i * 5_000, endMs: 1.3 ** i * 5_000 + 10 })),
  )
  assert.ok(stretches.every(({ width }) => width > 1))
})

test('one moment alone, or nothing at all, is a scale too', () => {
  assert.is(foldedScale([{ startMs: 0, endMs: 0 }]).at(0), 0)
  assert.is(foldedScale([]).at(5), 0)
})

test.run()
