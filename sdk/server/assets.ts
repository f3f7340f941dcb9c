/** What Vite has made of an entry: its script and its style sheet, under names that change with their content. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Assets {
  /** Paths from the root of the server. */
  script: string
  style: string
}

/** `folder`: the built checkout. Throws when it was not built. */
export function readAssets(folder: string, name: string): Assets {
  const manifest: Record<string, { file: string; isEntry?: boolean }> = JSON.parse(
    readFileSync(join(folder, `${name}.json`), 'utf8'),
  )
  const files = Object.values(manifest)
  const script = files.find(({ isEntry }) => isEntry)?.file
  const style = files.find(({ file }) => file.endsWith('.css'))?.file
  if (!script || !style)
    throw new Error(`the checkout's ${name} was built without its script or style sheet: build it anew`)
  return { script: `/${script}`, style: `/${style}` }
}
