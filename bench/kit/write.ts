/** Where the results of a whole run go: the numbers for programs, the picture for the README. */
import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { chart } from './chart.ts'
import type { Result } from './results.ts'
import type { Servers } from './servers.ts'

const HERE = join(import.meta.dirname, '..')

export function writeResults(results: Result[], servers: Servers): void {
  writeFileSync(join(HERE, 'results.json'), `${JSON.stringify(results, null, 2)}\n`)
  writeFileSync(join(HERE, 'chart.svg'), chart(results, machineOf(servers)))
}

/** Cores and versions: what a figure can't be understood without, and nothing that names a machine. */
export function machineOf({ postgresVersion, redisVersion }: Servers): string {
  const node = process.versions.node
  return `${availableParallelism()} cores, Node.js ${node}, PostgreSQL ${postgresVersion} with durability on, Redis ${redisVersion}`
}
