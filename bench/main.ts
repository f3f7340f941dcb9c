/**
 * `npm run bench`: what we promise about speed, measured beside what a merchant's engineer would build instead, in the same minutes on
 * the same machine.
 *
 *   npm run bench                      everything; writes results.json and chart.svg
 *   npm run bench -- --only accept     one benchmark; writes nothing
 */
import { parseArgs } from 'node:util'
import { explain, StopReason } from '../ops/stop-reason.ts'
import { accept } from './accept.ts'
import { flat } from './flat.ts'
import type { Benchmark } from './kit/bench.ts'
import type { Result } from './kit/results.ts'
import { startServers } from './kit/servers.ts'
import { printTable } from './kit/table.ts'
import { machineOf, writeResults } from './kit/write.ts'
import { latency } from './latency.ts'
import { payments } from './payments.ts'
import { recover } from './recover.ts'
import { runtime } from './runtime.ts'
import { timers } from './timers.ts'

const BENCHMARKS: Record<string, Benchmark> = { runtime, accept, payments, latency, timers, flat, recover }

async function main(): Promise<void> {
  const { only } = parseArgs({ options: { only: { type: 'string' } } }).values
  const chosen = choose(only)
  const servers = await startServers(console.log)
  const results: Result[] = []
  try {
    for (const [name, benchmark] of chosen) {
      console.log(`\n${name}`)
      results.push(...(await benchmark({ servers, say: (line) => console.log(`  ${line}`) })))
    }
    console.log(`\n${machineOf(servers)}`)
    printTable(results)
    if (only === undefined) writeResults(results, servers)
  } finally {
    await servers.stop()
  }
}

function choose(only: string | undefined): [string, Benchmark][] {
  const all = Object.entries(BENCHMARKS)
  if (only === undefined) return all
  const chosen = all.filter(([name]) => name === only)
  if (chosen.length === 0)
    throw new StopReason(`--only "${only}": allowed is one of ${Object.keys(BENCHMARKS).join(', ')}`)
  return chosen
}

main().then(
  () => process.exit(0),
  (error) => {
    explain(error)
    process.exit(1)
  },
)
