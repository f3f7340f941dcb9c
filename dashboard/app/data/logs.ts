/** The last lines of all processes' logs. */
import { get, type Params } from './api.ts'

export type Level = 'debug' | 'info' | 'warn' | 'error'

export interface LogLine {
  id: string
  at: string
  level: Level
  process: string
  message: string
  fields: Record<string, unknown>
}

export interface LogPage {
  /** Newest first. */
  data: LogLine[]
  processes: string[]
  last_id: string | null
}

export function readLogs(params: Params): Promise<LogPage> {
  return get('/api/v1/logs', params)
}
