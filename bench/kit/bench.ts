/** What a benchmark is handed, and what it is: it measures, and answers its lines of the table. */
import type { Result } from './results.ts'
import type { Servers } from './servers.ts'

export interface Bench {
  servers: Servers
  /** A line on the screen while it runs. */
  say(line: string): void
}

export type Benchmark = (bench: Bench) => Promise<Result[]>
