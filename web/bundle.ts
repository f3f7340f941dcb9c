/**
 * What browsers load is built on the machine that serves it: when it is missing, or when its sources are not the ones it was
 * built from. Their text decides and not their times, because a checkout, a copy and an image all give files times of their own.
 */
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'

export interface Bundle {
  /** As the progress calls it. */
  name: string
  /** Where building begins, absolute. Not there: it was built elsewhere, as in an image, and is used as it is. */
  entry: string
  /** Files and folders that it is made from, absolute. */
  sources: string[]
  /** The folder that serves it, absolute. Replaced as a whole. */
  output: string
  /** Builds everything into the folder that it is handed. */
  build(folder: string): Promise<void>
}

/** Holds the hash of the sources that a bundle was built from. */
const STAMP = '.sources'
/** Smaller files fit into one packet anyway. */
const WORTH_COMPRESSING_BYTES = 1_024
const TEXT = /\.(js|css|html|svg|json|map)$/

/** Builds what is missing or old. `say` gets a line of progress. Throws what the build throws. */
export async function bundleIfOld(bundle: Bundle, say: (line: string) => void): Promise<void> {
  if (!existsSync(bundle.entry) && existsSync(bundle.output)) return
  const hash = hashOf(bundle.sources)
  if (stampOf(bundle.output) === hash) return
  const startedMs = performance.now()
  say(`building the ${bundle.name} ...`)
  // Beside its place, so that it can be moved there: whoever looks meanwhile sees the old one or the new one, whole.
  const draft = `${bundle.output}.${process.pid}`
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(draft, { recursive: true })
  try {
    await bundle.build(draft)
    compress(draft)
    writeFileSync(join(draft, STAMP), hash)
    replace(bundle.output, draft)
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
  say(`built the ${bundle.name} in ${((performance.now() - startedMs) / 1_000).toFixed(1)} s`)
}

function hashOf(sources: string[]): string {
  const hash = createHash('sha256')
  for (const path of sources.flatMap(filesIn).sort()) hash.update(path).update('\0').update(readFileSync(path))
  return hash.digest('hex')
}

function filesIn(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

function stampOf(output: string): string | null {
  const path = join(output, STAMP)
  return existsSync(path) ? readFileSync(path, 'utf8') : null
}

/** Writes a .br and a .gz beside every text, so that the server never compresses while somebody waits. */
function compress(folder: string): void {
  for (const path of filesIn(folder)) {
    const bytes = readFileSync(path)
    if (!TEXT.test(path) || bytes.length < WORTH_COMPRESSING_BYTES) continue
    writeFileSync(`${path}.br`, brotliCompressSync(bytes))
    writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }))
  }
}

/** Two processes may build at once; then one of them finds the place taken anew, by the same thing. */
function replace(output: string, draft: string): void {
  const old = `${draft}.old`
  if (existsSync(output)) renameSync(output, old)
  try {
    renameSync(draft, output)
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    cpSync(draft, output, { recursive: true })
  }
  rmSync(old, { recursive: true, force: true })
}
