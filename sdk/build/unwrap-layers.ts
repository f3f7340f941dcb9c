/**
 * Takes `@layer` out of the frame's style sheet, so that browsers from before 2022 are dressed too. Safe because the rules stand in
 * the order of their layers and no earlier layer has the heavier selector; the dashboard keeps its layers.
 */
import type { Plugin } from 'vite'

export function unwrapLayers(): Plugin {
  return {
    name: 'unwrap-layers',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        for (const file of Object.values(bundle)) {
          if (file.type === 'asset' && file.fileName.endsWith('.css')) file.source = withoutLayers(String(file.source))
        }
      },
    },
  }
}

/** `css`: with layers at its top level only, as ours has them. Minified or not. */
export function withoutLayers(css: string): string {
  const layer = /@layer\s+[\w\s,-]+([;{])/.exec(css)
  if (!layer) return css
  const before = css.slice(0, layer.index)
  const rest = css.slice(layer.index + layer[0].length)
  if (layer[1] === ';') return before + withoutLayers(rest)
  const end = closingBrace(rest)
  return before + rest.slice(0, end) + withoutLayers(rest.slice(end + 1))
}

/** The index of the brace that closes a block whose opening brace was just read. */
function closingBrace(css: string): number {
  let depth = 1
  for (let at = 0; at < css.length; at++) {
    if (css[at] === '{') depth++
    if (css[at] === '}' && --depth === 0) return at
  }
  throw new Error('a layer of the style sheet is not closed')
}
