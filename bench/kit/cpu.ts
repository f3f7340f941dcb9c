/**
 * CPU time of processes, from /proc: what a message or a payment costs is told by it better than by a clock on the wall, where
 * neighbours on the machine have their part. NaN where there is no /proc.
 */
import { readdirSync, readFileSync } from 'node:fs'

/** Linux counts in hundredths of a second, on every architecture that Node runs on. */
const TICK_MS = 10

/** User and system time of a process, and of the children that it has waited for, ms. */
export function cpuMs(pid: number): number {
  return stat(pid)?.cpuMs ?? Number.NaN
}

/** The same of a process and all that it has started, such as Postgres with its backends. */
export function familyCpuMs(pid: number): number {
  const own = cpuMs(pid)
  if (Number.isNaN(own)) return own
  return children(pid).reduce((sum, child) => sum + (stat(child)?.cpuMs ?? 0), own)
}

function children(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => stat(pid)?.parent === parent)
}

function stat(pid: number): { parent: number; cpuMs: number } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name stands in brackets and may hold anything; what follows it is numbers.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
    return { parent: Number(fields[1]), cpuMs: ticks * TICK_MS }
  } catch {
    return null // it ended meanwhile, or this is no Linux
  }
}
