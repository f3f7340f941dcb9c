/** The version of this software, as package.json tells it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const manifest = readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8')

export const VERSION: string = (JSON.parse(manifest) as { version: string }).version
