import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { contrast, themeTokens } from './theme.ts'

const test = suite('theme')

test('contrast is as WCAG computes it', () => {
  assert.is(contrast([0, 0, 0], [255, 255, 255]), 21)
  assert.is(contrast([119, 119, 119], [255, 255, 255]).toFixed(2), '4.48')
})

test('a dark colour carries white words, and is used for words itself', () => {
  assert.equal(themeTokens('#0b6e4f', 'light'), {
    '--press': 'rgb(11 110 79)',
    '--deep': 'rgb(9 90 65)',
    '--on-ink': 'rgb(255 255 255)',
    '--ink': 'rgb(11 110 79)',
  })
})

test('a light colour carries dark words, and is left out of words on white paper', () => {
  const tokens = themeTokens('#fd0', 'light')
  assert.is(tokens['--on-ink'], 'rgb(12 16 34)')
  assert.is(tokens['--ink'], undefined)
  assert.is(themeTokens('#fd0', 'dark')['--ink'], 'rgb(255 221 0)')
})

for (const color of ['', 'red', '#12', '#12345', 'rgb(0 0 0)', '#fffffe']) {
  test(`"${color}" is no colour for a button, so ours stays`, () => assert.equal(themeTokens(color, 'light'), {}))
}

test('every colour that is used can be read, also when it is pressed', () => {
  const parts = (text: string | undefined) => (text?.match(/\d+/g) ?? []).map(Number) as [number, number, number]
  for (let hue = 0; hue < 4096; hue += 7) {
    const tokens = themeTokens(`#${hue.toString(16).padStart(3, '0')}`, 'light')
    if (!tokens['--press']) continue
    for (const name of ['--press', '--deep']) {
      assert.ok(contrast(parts(tokens['--on-ink']), parts(tokens[name])) >= 4.5, `#${hue.toString(16)}`)
    }
  }
})

test.run()
