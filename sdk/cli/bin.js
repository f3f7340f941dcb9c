#!/usr/bin/env node
// Plain JavaScript for whatever Node the shell finds: the rest is TypeScript, which the Node that npm brings along runs as it is.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('./main.ts', import.meta.url))
const own = fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url))

if (process.features.typescript) await import('./main.ts')
else {
  const node = existsSync(own) ? own : 'node'
  const { status, signal } = spawnSync(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' })
  process.exitCode = signal ? 1 : (status ?? 1)
}
