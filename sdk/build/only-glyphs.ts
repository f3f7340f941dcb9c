/** Leaves in the frame only the glyphs that its views name: all of them together weigh more than its form does. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'
import { icons, states } from '../../web/icons.ts'

/** `views`: the folder whose files decide. A name counts where it stands in quotes, so a word too many is harmless. */
export function onlyGlyphs(views: string): Plugin {
  const text = readdirSync(views)
    .map((file) => readFileSync(join(views, file), 'utf8'))
    .join('')
  const named = (glyphs: Record<string, string>) =>
    JSON.stringify(
      Object.fromEntries(Object.entries(glyphs).filter(([name]) => new RegExp(`['"]${name}['"]`).test(text))),
    )
  return {
    name: 'only-glyphs',
    enforce: 'pre',
    load(id) {
      if (!id.endsWith('/web/icons.ts')) return null
      return `export const icons = ${named(icons)}\nexport const states = ${named(states)}`
    },
  }
}
