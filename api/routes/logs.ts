/** The last lines of all processes' logs, for the operator. What of a request could be a secret was never written into them. */
import { Type } from 'typebox'
import type { App } from '../app.ts'
import { failures } from '../components.ts'
import { oneOf } from '../schemas.ts'
import type { Services } from '../services.ts'

export interface LogLine {
  /** Its place in the order. */
  id: string
  process: string
  /** pino's number. */
  level: number
  atMs: number
  message: string
  fields: Record<string, unknown>
}

/** Whoever starts the API says where the lines are. Throws when they can't be read. */
export interface LogReader {
  /** Oldest first: the last ones, or those behind a place. */
  read(after: string | null): Promise<LogLine[]>
}

const LEVELS = { debug: 20, info: 30, warn: 40, error: 50 } as const
const NAMES: [number, string][] = [
  [50, 'error'],
  [40, 'warn'],
  [30, 'info'],
  [0, 'debug'],
]
const MAX_LIMIT = 500

const LogQuery = Type.Object({
  level: Type.Optional(oneOf(...(Object.keys(LEVELS) as (keyof typeof LEVELS)[]))),
  q: Type.Optional(Type.String({ minLength: 1, maxLength: 255, description: 'A word, an id, or field=value' })),
  process: Type.Optional(Type.String({ maxLength: 100 })),
  after: Type.Optional(
    Type.String({
      pattern: '^\\d{1,20}-\\d{1,20}$',
      'x-allowed': 'the id of a line',
      description: 'Lines behind this one',
    }),
  ),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_LIMIT, description: '200 by default' })),
})

const Lines = Type.Object({
  data: Type.Array(
    Type.Object({
      id: Type.String(),
      at: Type.String({ format: 'date-time' }),
      level: oneOf('debug', 'info', 'warn', 'error'),
      process: Type.String(),
      message: Type.String(),
      fields: Type.Record(Type.String(), Type.Unknown()),
    }),
  ),
  processes: Type.Array(Type.String()),
  last_id: Type.Union([Type.String(), Type.Null()]),
})

export function logRoutes(app: App, { logs }: Services): void {
  if (!logs) return
  app.get(
    '/api/v1/logs',
    {
      schema: {
        tags: ['operator'],
        summary: 'The last lines of all processes, newest first',
        security: [{ operator: [] }],
        querystring: LogQuery,
        response: { 200: Lines, ...failures },
      },
    },
    async ({ query: { level = 'debug', q, process, after, limit = 200 } }) => {
      const lines = await logs.read(after ?? null)
      const fits = matcher(q)
      const wanted = lines.filter(
        (line) => line.level >= LEVELS[level] && (process === undefined || line.process === process) && fits(line),
      )
      return {
        data: wanted.slice(-limit).reverse().map(lineView),
        processes: [...new Set(lines.map((line) => line.process))].sort(),
        last_id: lines.at(-1)?.id ?? after ?? null,
      }
    },
  )
}

/** `field=value` asks for a field; anything else is looked for everywhere in the line. Pure. */
export function matcher(q: string | undefined): (line: Pick<LogLine, 'message' | 'process' | 'fields'>) => boolean {
  if (q === undefined) return () => true
  const [, field, value] = /^([a-z_]+)=(.+)$/.exec(q) ?? []
  if (field !== undefined) return ({ fields }) => String(fields[field] ?? '') === value
  const words = q.toLowerCase()
  return ({ message, process, fields }) =>
    `${message} ${process} ${JSON.stringify(fields)}`.toLowerCase().includes(words)
}

function lineView({ id, atMs, level, process, message, fields }: LogLine) {
  const name = NAMES.find(([from]) => level >= from)?.[1] ?? 'debug'
  return { id, at: new Date(atMs).toISOString(), level: name, process, message, fields }
}
