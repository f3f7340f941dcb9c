/**
 * What a worker or a sweeper writes to its log: JSON lines as the API's, so that one reader reads both. One trouble
 * that repeats - Redis is away, a thousand turns fail alike - is told once in a while and counted meanwhile.
 */
import { serializeError } from '../api/log.ts'
import { monotonicMs, wallMs } from '../runtime/clock.ts'

const LEVELS = { trace: 10, debug: 20, info: 30, warn: 40, error: 50, fatal: 60, silent: 100 }
export type LogLevel = keyof typeof LEVELS

const REPEAT_MS = 10_000
/** Troubles told apart at once; beyond it they are forgotten, and told again. */
const KINDS = 100

export interface Log {
  info(message: string): void
  warn(message: string): void
  /** `what` was being done when it happened. */
  error(error: unknown, what: string): void
}

export function openLog(role: string, level: LogLevel, write: (line: string) => void = toStdout): Log {
  const told = new Map<string, { at: number; since: number }>()
  const line = (name: LogLevel, fields: object) => {
    if (LEVELS[name] < LEVELS[level]) return
    write(`${JSON.stringify({ level: LEVELS[name], time: wallMs(), role, ...fields })}\n`)
  }
  return {
    info: (msg) => line('info', { msg }),
    warn: (msg) => line('warn', { msg }),
    error: (error, what) => {
      const err = serializeError(error)
      const kind = `${what}: ${err.message}`
      const known = told.get(kind)
      if (known && monotonicMs() - known.at < REPEAT_MS) {
        known.since++
        return
      }
      if (told.size >= KINDS) told.clear()
      told.set(kind, { at: monotonicMs(), since: 0 })
      line('error', { msg: known?.since ? `${what} (and ${known.since} more like it)` : what, err })
    },
  }
}

export function toStdout(line: string): void {
  process.stdout.write(line)
}
