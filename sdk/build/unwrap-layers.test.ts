import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { withoutLayers } from './unwrap-layers.ts'

const test = suite('unwrap layers')

test('rules come out in the order of their layers, with what surrounds them', () => {
  const css = '@layer a, b;@layer a{x{c:d}@media print{y{c:d}}}z{c:d}@layer b{w{c:d}}'
  assert.is(withoutLayers(css), 'x{c:d}@media print{y{c:d}}z{c:d}w{c:d}')
})

test('a sheet without layers is left as it is', () => {
  assert.is(withoutLayers('a{b:c}'), 'a{b:c}')
})

test('a layer that is not closed stops the build', () => {
  assert.throws(() => withoutLayers('@layer a{b{c:d}'), /not closed/)
})

test.run()
