/**
 * What the API writes to its log: one line a request, with the request's id. A body never gets near it, an error is told
 * without what it quotes (a database names the row that it refused), and of a URL only the path, with long runs of digits
 * masked - so no card number can end up here, wherever a caller put it.
 */
import { type FastifyReply, type FastifyRequest, LogController } from 'fastify'

/** Ready for pino. `stream`: where the lines go, standard output by default. */
export function loggerOptions(level: string, stream: LineStream = new LineBuffer(process.stdout)) {
  return { level, stream, base: undefined, serializers: { err: serializeError } }
}

export interface LineStream {
  write(line: string): void
}

/** Gathers the lines of one round of the event loop into one write: a system call a line costs more than the line. */
export class LineBuffer implements LineStream {
  readonly #target: NodeJS.WritableStream
  #lines: string[] = []

  constructor(target: NodeJS.WritableStream) {
    this.#target = target
  }

  write(line: string): void {
    if (this.#lines.push(line) > 1) return
    setImmediate(() => {
      this.#target.write(this.#lines.join(''))
      this.#lines = []
    })
  }
}

/** One line when a request is answered; the framework's other lines stay out. */
export class RequestLog extends LogController {
  constructor() {
    super({ disableRequestLogging: true, requestIdLogLabel: 'request_id' })
  }

  override requestCompleted(error: Error | null | undefined, request: FastifyRequest, reply: FastifyReply): void {
    const { method, url } = request
    const ms = Math.round(reply.elapsedTime * 10) / 10
    const line = { method, path: safePath(url), status: reply.statusCode, ms }
    if (error) request.log.error({ ...line, err: error }, 'answer not sent')
    else if (reply.statusCode >= 500) request.log.error(line, 'request')
    else request.log.info(line, 'request')
  }
}

/** The path without its query, no digits where a card number could be. */
export function safePath(url: string): string {
  const [path = ''] = url.split('?', 1)
  return /[0-9]{4}/.test(path) ? path.replace(/[0-9](?:(?:[ -]|%20)?[0-9]){11,}/g, '[digits]') : path
}

interface SerializedError {
  [field: string]: unknown
  type: string
  message: string
  stack: string
  code?: string
  cause?: SerializedError
}

/** Type, message, stack, code and cause; none of the other fields that drivers hang on their errors. */
export function serializeError(error: unknown, depth = 0): SerializedError {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error), stack: '' }
  const { code } = error as NodeJS.ErrnoException
  return {
    type: error.name,
    message: error.message,
    stack: error.stack ?? '',
    ...(code === undefined ? {} : { code }),
    ...(error.cause === undefined || depth === 3 ? {} : { cause: serializeError(error.cause, depth + 1) }),
  }
}
