/**
 * The frame's one way to the server. The token that a session gives lives in this object and nowhere else, and is renewed once when
 * it is refused: a shopper who went to fetch the card must not start again.
 */
import { type Instrument, type Payment, type Session, type SessionRequest, withDeadlines } from './answers.ts'
import { readEvents } from './stream.ts'

/** What the server refused. */
export class Refusal extends Error {
  readonly status: number
  readonly code: string
  readonly reason: string | undefined
  readonly field: string | undefined
  readonly retryAfterMs: number | undefined

  constructor(
    status: number,
    error: { code: string; description: string; reason?: string; field?: string },
    retryAfterMs?: number,
  ) {
    super(error.description)
    this.status = status
    this.code = error.code
    this.reason = error.reason
    this.field = error.field
    this.retryAfterMs = retryAfterMs
  }

  /** The server could not, but may later. */
  get isPassing(): boolean {
    return this.status >= 500 || this.status === 429
  }
}

/** Nobody answered: whether the request arrived is unknown. */
export class NoAnswer extends Error {}

const TIMEOUT_MS = 15_000
/** A stream that is silent for longer is broken: a comment comes every 15 s. */
const SILENCE_MS = 40_000

interface Call {
  method: 'GET' | 'POST'
  path: string
  body?: unknown
  headers?: Record<string, string>
  signal: AbortSignal
}

export class Api {
  readonly #url: string
  readonly #request: SessionRequest
  #token = ''

  /** `url`: of the API, without a path. */
  constructor(url: string, request: SessionRequest) {
    this.#url = `${url}/api/v1/checkout`
    this.#request = request
  }

  /** Throws Refusal or NoAnswer, as everything here. */
  async open(): Promise<Session> {
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    const response = await this.#send({ method: 'POST', path: '/sessions', body: this.#request, signal })
    const session = (await response.json()) as Session
    this.#token = session.token
    return session
  }

  /** `key`: the same for the same attempt, however often it is sent. `replaces`: a QR code that is given up for this. */
  async pay(instrument: Instrument, key: string, replaces: string | undefined): Promise<Payment> {
    const body = { ...instrument, replaces }
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    const response = await this.#withToken({
      method: 'POST',
      path: '/payments',
      body,
      headers: { 'idempotency-key': key },
      signal,
    })
    return withDeadlines(await response.json())
  }

  async payment(id: string, signal: AbortSignal): Promise<Payment> {
    const call: Call = {
      method: 'GET',
      path: `/payments/${id}`,
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    }
    return withDeadlines(await (await this.#withToken(call)).json())
  }

  /** The payment now, and whenever it changes, until it is decided or the connection ends. */
  async *changes(id: string, signal: AbortSignal): AsyncGenerator<Payment> {
    const opening = new AbortController()
    const timer = setTimeout(() => opening.abort(), TIMEOUT_MS)
    const response = await this.#withToken({
      method: 'GET',
      path: `/payments/${id}/stream`,
      headers: { accept: 'text/event-stream' },
      signal: AbortSignal.any([signal, opening.signal]),
    }).finally(() => clearTimeout(timer))
    if (!response.body) throw new NoAnswer()
    for await (const data of readEvents(response.body, SILENCE_MS)) yield withDeadlines(JSON.parse(data))
  }

  async #withToken(call: Call): Promise<Response> {
    const authorized = () =>
      this.#send({ ...call, headers: { ...call.headers, authorization: `Bearer ${this.#token}` } })
    try {
      return await authorized()
    } catch (error) {
      if (!(error instanceof Refusal) || error.status !== 401) throw error
      await this.open()
      return authorized()
    }
  }

  async #send({ method, path, body, headers, signal }: Call): Promise<Response> {
    let response: Response
    try {
      response = await fetch(this.#url + path, {
        method,
        signal,
        credentials: 'omit',
        cache: 'no-store',
        headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
    } catch (cause) {
      throw new NoAnswer('no answer', { cause })
    }
    if (response.ok) return response
    const { error } = await response.json().catch(() => ({}))
    const retryAfter = Number(response.headers.get('retry-after'))
    throw new Refusal(
      response.status,
      error ?? { code: 'SERVER_ERROR', description: response.statusText },
      retryAfter * 1000 || undefined,
    )
  }
}
