/** A folder of one's own for a test, of mode 0700 as mktemp makes it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface FreshFolder {
  path: string
  drop(): void
}

export function freshFolder(): FreshFolder {
  const path = mkdtempSync(join(tmpdir(), 'gateway-'))
  return { path, drop: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) }
}
