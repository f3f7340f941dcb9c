/**
 * A bank behind HTTP. Small on purpose, so that a connection to a real bank can be put behind it in an afternoon:
 *
 *   POST /tokens            {"method", "card" | "vpa", "test"}                           -> {"token"}
 *   PUT  /operations/{key}  {"kind", "payment", "amount", "currency", "instrument"}      -> an answer
 *   GET  /operations/{key}                                                               -> an answer, or 404: never heard of it
 *   GET  /answers           a stream of lines {"key", "payment", "answer"}: the bank speaks of its own accord
 *
 * An answer is a BankAnswer as JSON. Whatever else comes - another status, half an answer, none - throws, which means that the
 * outcome is unknown. It carries no credentials of ours: put it where only the gateway can reach it.
 */
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, request } from 'undici'
import { GatewayError } from '../../schema/errors.ts'
import { abortable } from '../abortable.ts'
import type { Acquirer, BankAnswer, BankOperation, CallingAcquirer, LateAnswer, MayLeave } from './acquirer.ts'
import { LastQuestion } from './last-question.ts'

type Instrument = Parameters<Acquirer['tokenize']>[0]
interface Call {
  method: 'GET' | 'PUT' | 'POST'
  path: string
  signal: AbortSignal
  mayLeave?: MayLeave | undefined
  body?: object
}

type Kind = 'authorize' | 'capture' | 'void' | 'refund'

const CONNECTIONS = 128
const ANSWER_LIMIT_BYTES = 64 * 1024
const CONNECT_LIMIT_MS = 2_000
/** The payer waits for it. */
const TOKENIZE_LIMIT_MS = 5_000
const REOPEN_MS = 500

export class RemoteBank implements CallingAcquirer {
  readonly #url: string
  readonly #question = new LastQuestion()
  readonly #calls = new Agent({
    connections: CONNECTIONS,
    connect: this.#question.connector(CONNECT_LIMIT_MS),
    maxResponseSize: ANSWER_LIMIT_BYTES,
  })
  readonly #listeners = new Set<(late: LateAnswer) => void>()
  readonly #closing = new AbortController()
  #stream: Promise<void> | null = null

  /** `url` without a slash at its end. */
  constructor(url: string) {
    this.#url = url
  }

  /** Throws SERVER_ERROR 503 while the bank does not answer. */
  async tokenize(instrument: Instrument, test: boolean): Promise<string> {
    try {
      const { status, body } = await this.#call({
        method: 'POST',
        path: '/tokens',
        signal: AbortSignal.timeout(TOKENIZE_LIMIT_MS),
        body: { ...instrument, test },
      })
      const { token } = body as { token?: unknown }
      if (status === 200 && typeof token === 'string') return token
      throw new Error(`the bank answered ${status} instead of a token`)
    } catch (cause) {
      const description = 'The bank does not answer. Nothing was written: try again.'
      throw new GatewayError('SERVER_ERROR', description, { status: 503, retryAfterSeconds: 1, cause })
    }
  }

  authorize(operation: BankOperation, signal: AbortSignal, mayLeave?: MayLeave): Promise<BankAnswer> {
    return this.#ask('authorize', operation, signal, mayLeave)
  }

  capture(operation: BankOperation, signal: AbortSignal, mayLeave?: MayLeave): Promise<BankAnswer> {
    return this.#ask('capture', operation, signal, mayLeave)
  }

  void(operation: BankOperation, signal: AbortSignal, mayLeave?: MayLeave): Promise<BankAnswer> {
    return this.#ask('void', operation, signal, mayLeave)
  }

  refund(operation: BankOperation, signal: AbortSignal, mayLeave?: MayLeave): Promise<BankAnswer> {
    return this.#ask('refund', operation, signal, mayLeave)
  }

  async inquire(key: string, signal: AbortSignal, mayLeave?: MayLeave): Promise<BankAnswer | { state: 'unknown' }> {
    const { status, body } = await this.#call({ method: 'GET', path: pathOf(key), signal, mayLeave })
    return status === 404 ? { state: 'unknown' } : readAnswer(status, body)
  }

  onLateAnswer(listener: (late: LateAnswer) => void): () => void {
    this.#listeners.add(listener)
    this.#stream ??= this.#listen()
    return () => this.#listeners.delete(listener)
  }

  /** Waits for calls under way. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.#stream
    await this.#calls.close()
  }

  async #ask(
    kind: Kind,
    operation: BankOperation,
    signal: AbortSignal,
    mayLeave: MayLeave | undefined,
  ): Promise<BankAnswer> {
    const { key, ...rest } = operation
    const { status, body } = await this.#call({
      method: 'PUT',
      path: pathOf(key),
      signal,
      mayLeave,
      body: { kind, ...rest },
    })
    return readAnswer(status, body)
  }

  async #call({ method, path, signal, mayLeave, body }: Call) {
    signal.throwIfAborted()
    const sent = async () => {
      const response = await request(`${this.#url}${path}`, {
        method,
        dispatcher: mayLeave ? this.#calls.compose(this.#question.asking(mayLeave)) : this.#calls,
        signal,
        ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
      })
      return { status: response.statusCode, body: JSON.parse(await response.body.text()) as unknown }
    }
    return await abortable(signal, sent())
  }

  /** Opens the stream again whenever it ends. What is missed meanwhile is only a hint: the payment's own timer inquires. */
  async #listen(): Promise<void> {
    const stream = new Agent({ connect: { timeout: CONNECT_LIMIT_MS }, bodyTimeout: 0 })
    const { signal } = this.#closing
    while (!signal.aborted) {
      try {
        const { body } = await request(`${this.#url}/answers`, { dispatcher: stream, signal })
        for await (const line of createInterface({ input: body })) {
          const late = JSON.parse(line) as LateAnswer
          for (const listener of this.#listeners) listener(late)
        }
      } catch {
        // Gone or not there yet: a bank that we can't hear is inquired all the same.
      }
      await sleep(REOPEN_MS, undefined, { signal }).catch(() => {})
    }
    await stream.destroy()
  }
}

function pathOf(key: string): string {
  return `/operations/${encodeURIComponent(key)}`
}

/** A stranger's words: only what is an answer in every part counts as one. Throws otherwise. */
function readAnswer(status: number, body: unknown): BankAnswer {
  const said = (body ?? {}) as Record<string, unknown>
  if (status === 200) {
    const { state, bankRef, code, description, askAgainMs, payer } = said
    if (state === 'done' && typeof bankRef === 'string') {
      return typeof payer === 'string' ? { state, bankRef, payer } : { state, bankRef }
    }
    if (state === 'declined' && typeof code === 'string' && typeof description === 'string') {
      return { state, bankRef: typeof bankRef === 'string' ? bankRef : null, code, description }
    }
    if (state === 'pending' && typeof askAgainMs === 'number' && askAgainMs >= 0) return { state, askAgainMs }
  }
  throw new Error(`the bank answered ${status} ${JSON.stringify(said).slice(0, 200)}: no answer that we know`)
}
