/**
 * One request and what came back, as undici hands it on piece by piece. A stream for a body of which we keep at most 16 KiB, with the
 * signals that go with it, costs more than the request itself, and there are thousands a second.
 *
 * The receiver's verdict is its status: once that is there, a body that breaks off, or never ends, is no failure.
 */
import type { Dispatcher } from 'undici'
import type { Trace } from './trace.ts'

const BODY_LIMIT = 16 * 1024

export interface Received {
  status: number
  headers: Record<string, string>
  /** The first 16 KiB as text. */
  body: string
  /** True when there was more, or when the rest did not come in time. */
  truncated: boolean
}

export class Exchange implements Dispatcher.DispatchHandler {
  /** Rejects with what kept the status from coming. */
  readonly received: Promise<Received>
  readonly #trace: Trace
  readonly #resolve: (received: Received) => void
  readonly #reject: (error: Error) => void
  readonly #chunks: Buffer[] = []
  #size = 0
  #head: Pick<Received, 'status' | 'headers'> | null = null
  #controller: Dispatcher.DispatchController | null = null
  #givenUp: Error | null = null

  constructor(trace: Trace) {
    const { promise, resolve, reject } = Promise.withResolvers<Received>()
    this.received = promise
    this.#resolve = resolve
    this.#reject = reject
    this.#trace = trace
  }

  /** Ends it now, also while it still waits for a connection: what has come counts, and nothing more is waited for. */
  giveUp(reason: Error): void {
    this.#givenUp = reason
    this.#controller?.abort(reason)
    this.#end(reason)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#givenUp) controller.abort(this.#givenUp)
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Headers): void {
    // 1xx: the answer is still to come.
    if (status < 200) return
    this.#trace.answered()
    this.#head = { status, headers: flat(headers) }
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#size += chunk.length
    if (this.#size <= BODY_LIMIT) return
    const enough = new Error('the rest of the body is not wanted')
    this.#end(enough)
    controller.abort(enough)
  }

  onResponseEnd(): void {
    this.#end(null)
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#end(error)
  }

  /** The first end counts. */
  #end(error: Error | null): void {
    if (!this.#head) return this.#reject(error ?? new Error('an end without an answer'))
    const bytes = Buffer.concat(this.#chunks).subarray(0, BODY_LIMIT)
    this.#resolve({ ...this.#head, body: text(bytes), truncated: error !== null })
  }
}

/** U+0000 is replaced like any other byte that is no text: Postgres could not keep it. */
function text(bytes: Buffer): string {
  return bytes.toString().replaceAll('\0', '\uFFFD')
}

type Headers = Dispatcher.ResponseData['headers']

function flat(headers: Headers): Record<string, string> {
  const flattened: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flattened[name] = typeof value === 'string' ? value : value.join(', ')
  }
  return flattened
}
