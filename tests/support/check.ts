/**
 * One check of `npm test`: a program in a process group of its own, with a time limit, and what came of it. A process
 * a test file, because uvu in one process files tests under the wrong name, and hangs for ever on one open handle.
 */
import { type ChildProcess, spawn } from 'node:child_process'

export interface Check {
  name: string
  args: string[]
  env: NodeJS.ProcessEnv
  limitMs: number
  /** True for a test file: its counts are read from uvu's summary. Else the exit code alone decides. */
  uvu: boolean
}

export interface Outcome {
  name: string
  passed: number
  failed: number
  tookMs: number
  /** Everything it printed, and why it failed if it does not say so itself. */
  output: string
}

/** More than anybody reads; a test in an endless loop of printing must not fill the memory. */
const OUTPUT_LIMIT = 256 * 1024
/** After the summary a process has nothing to do but to end. */
const LINGER_MS = 10_000

const running = new Set<ChildProcess>()

/** Runs `node <args>`. Never rejects: whatever goes wrong is a failed outcome. */
export function runCheck(check: Check): Promise<Outcome> {
  const started = performance.now()
  const child = spawn(process.execPath, check.args, {
    env: check.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  let output = ''
  let trouble = ''
  const stop = (why: string) => {
    trouble ||= why
    endGroup(child)
  }
  const limit = setTimeout(stop, check.limitMs, `did not end within ${check.limitMs / 1000} s`)
  let linger: NodeJS.Timeout | undefined
  const read = (chunk: Buffer) => {
    if (output.length < OUTPUT_LIMIT) output += chunk.toString('utf8')
    if (check.uvu && !linger && summaryOf(output)) {
      linger = setTimeout(stop, LINGER_MS, 'ran its tests, then did not end: something is still open')
    }
  }
  child.stdout.on('data', read)
  child.stderr.on('data', read)
  return new Promise((resolve) => {
    child.once('error', (error) => stop(error.message))
    child.once('close', (code, signal) => {
      clearTimeout(limit)
      clearTimeout(linger)
      running.delete(child)
      endGroup(child) // what a test left behind in its group goes with it
      if (code !== 0) trouble ||= `ended with ${code ?? signal}`
      const { passed, failed, why } = judge(check.uvu, output, trouble)
      resolve({ name: check.name, passed, failed, tookMs: performance.now() - started, output: output + why })
    })
  })
}

/** Ends every check that still runs, at once. */
export function endChecks(): void {
  for (const child of running) endGroup(child)
}

function endGroup(child: ChildProcess): void {
  try {
    if (child.pid) process.kill(-child.pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

interface Verdict {
  passed: number
  failed: number
  why: string
}

/** `trouble` is what went wrong with the process; a test file can fail without any, and can have no test at all. */
export function judge(uvu: boolean, output: string, trouble: string): Verdict {
  if (!uvu) return trouble ? { passed: 0, failed: 1, why: `${trouble}\n` } : { passed: 1, failed: 0, why: '' }
  const summary = summaryOf(output)
  if (!summary) return { passed: 0, failed: 1, why: `no summary: ${trouble || 'is .run() called?'}\n` }
  const { total, passed } = summary
  if (total === 0) return { passed: 0, failed: 1, why: 'no test ran: is .run() called?\n' }
  if (passed < total) return { passed, failed: total - passed, why: '' }
  return trouble ? { passed, failed: 1, why: `${trouble}\n` } : { passed, failed: 0, why: '' }
}

function summaryOf(output: string): { total: number; passed: number } | null {
  const [, total, passed] = /^ {2}Total: +(\d+)\n {2}Passed: +(\d+)\n/m.exec(output) ?? []
  return total === undefined ? null : { total: Number(total), passed: Number(passed) }
}
