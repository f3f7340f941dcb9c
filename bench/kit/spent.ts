/** CPU time spent by each process of a side between two moments, a piece of work. */
import { cpuMs } from './cpu.ts'
import type { Servers } from './servers.ts'

export type Spent = Record<string, number>

/** Starts counting. Call what is returned with the number of pieces done: it answers us a piece, by process. */
export function startCounting(servers: Servers, pids: Record<string, number>): (pieces: number) => Spent {
  const read = (): Spent => ({
    ...Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, cpuMs(pid)])),
    postgres: servers.postgresCpuMs(),
    redis: servers.redisCpuMs(),
  })
  const before = read()
  return (pieces) => {
    return Object.fromEntries(
      Object.entries(read()).map(([name, ms]) => [name, ((ms - (before[name] as number)) * 1000) / pieces]),
    )
  }
}
