/**
 * Processes that are known only by their number, because another start left them behind. A number alone proves
 * nothing - the system reuses them - so whoever wants to adopt or end one first asks what it runs.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

const POLL_MS = 25

/** False also for a zombie: it holds nothing any more, and under an init that never reaps it stays for ever. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  return !isZombie(pid)
}

function isZombie(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The name before the state is in parentheses and may itself contain one.
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z')
  } catch {
    return false // no /proc on this platform, or gone meanwhile
  }
}

/** The command line of a running process, its words joined by spaces; empty when there is no such process. */
export function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
  } catch {
    try {
      return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).trim()
    } catch {
      return ''
    }
  }
}

/** Waits until the process is gone; answers whether it is, at the latest after `limitMs`. */
export async function waitForEnd(pid: number, limitMs: number): Promise<boolean> {
  const deadline = performance.now() + limitMs
  while (isAlive(pid)) {
    if (performance.now() > deadline) return false
    await sleep(POLL_MS)
  }
  return true
}

/** A signal, and how long it may take until the next, rougher one. */
export type Ending = [signal: NodeJS.Signals, limitMs: number]

/** Ends a process, by ever rougher signals. Throws when it outlives the last one. */
export async function endProcess(pid: number, endings: readonly Ending[]): Promise<void> {
  for (const [signal, limitMs] of endings) {
    try {
      process.kill(pid, signal)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') return
      throw error
    }
    if (await waitForEnd(pid, limitMs)) return
  }
  throw new Error(`process ${pid} does not end: ${commandLine(pid)}`)
}
