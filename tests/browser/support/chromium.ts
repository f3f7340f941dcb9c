/**
 * The Chromium that npm brings, unpacked once a machine. Its package can do that too, but into the temporary folder, where two test
 * files at once find each other's half-written file; and its own arguments switch web security off, which half of these tests are about.
 */
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { createBrotliDecompress } from 'node:zlib'
import { type Browser, chromium } from 'playwright-core'
import { unpackWoff } from './woff.ts'

const MODULES = join(import.meta.dirname, '..', '..', '..', 'node_modules')
const ARGUMENTS = [
  '--host-resolver-rules=MAP *.example 127.0.0.1',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Close it. With a `debuggingPort` others may drive it, too. */
export async function openBrowser({ debuggingPort }: { debuggingPort?: number } = {}): Promise<Browser> {
  const pack = join(dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))), '..')
  const { version } = JSON.parse(readFileSync(join(pack, 'package.json'), 'utf8'))
  const folder = join(MODULES, '.cache', `chromium-${version}`)
  mkdirSync(folder, { recursive: true })
  const executablePath = await unpacked(join(pack, 'bin', 'chromium.br'), join(folder, 'chromium'))
  return chromium.launch({
    executablePath,
    args: [...ARGUMENTS, ...(debuggingPort ? [`--remote-debugging-port=${debuggingPort}`] : [])],
    env: { ...process.env, FONTCONFIG_FILE: fontSettings(folder) },
  })
}

/** Written beside its place and moved there whole: whoever looks sees nothing or all of it. */
async function unpacked(packed: string, path: string): Promise<string> {
  if (existsSync(path)) return path
  const draft = `${path}.${process.pid}`
  await pipeline(createReadStream(packed), createBrotliDecompress(), createWriteStream(draft, { mode: 0o755 }))
  renameSync(draft, path)
  return path
}

/** The machine's fonts, and one for Hindi, which few servers have. */
function fontSettings(folder: string): string {
  const hindi = join(folder, 'fonts')
  mkdirSync(hindi, { recursive: true })
  for (const weight of ['400', '500', '600']) {
    const name = `noto-sans-devanagari-devanagari-${weight}-normal`
    const path = join(hindi, `${name}.ttf`)
    const woff = join(MODULES, '@fontsource', 'noto-sans-devanagari', 'files', `${name}.woff`)
    if (!existsSync(path)) writeFileSync(path, unpackWoff(readFileSync(woff)))
  }
  const path = join(folder, 'fonts.conf')
  const parts = '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
  writeFileSync(path, `<?xml version="1.0"?><fontconfig>${parts}<dir>${hindi}</dir></fontconfig>`)
  return path
}
