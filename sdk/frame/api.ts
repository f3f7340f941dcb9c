/**
 * The frame's one way to the server. The token that a session gives lives in this object and nowhere else, and is renewed once when
 * it is refused: a shopper who went to fetch the card must not start again.
 */
import { readEvents } from './stream.ts'

export interface Session {
  token: string
  order: { id: string; amount: number; currency: string; payable: boolean }
  merchant: { name: string; test: boolean }
  /** As asked for, when its origin is one of the merchant's. */
  return_url: string | null
}

export interface SessionRequest {
  key: string | null
  order_id: string
  client_secret?: string | undefined
  return_url?: string | undefined
}

/** What the server says of a payment. */
interface Answer {
  id: string
  order_id: string
  amount: number
  currency: string
  method: 'upi' | 'card'
  /** null: the bank has not named the payer of a QR code yet. */
  vpa?: string | null
  card_network?: string | null
  card_last4?: string | null
  status: 'pending' | 'success' | 'failed'
  /** How far a pending one has come. */
  stage: 'accepted' | 'sent'
  /** Until the bank is expected to answer; null: nobody knows. */
  expected_in_ms: number | null
  /** Until a pending one ends by itself. */
  expires_in_ms: number
  /** Of a QR code: what it says. */
  upi_link?: string
  error_code?: string
  error_description?: string
  updated_at: string
  /** Of a successful one. */
  signature?: string
}

export interface Payment extends Answer {
  /** As `expected_in_ms`, by performance.now(): the shopper's clock may be hours off, but it runs as fast as others. */
  expectedAtMs: number | null
  /** As `expires_in_ms`, by performance.now(). */
  expiresAtMs: number
}

export type Instrument =
  | { method: 'upi'; vpa: string }
  | { method: 'upi'; flow: 'qr' }
  | {
      method: 'card'
      card: { number: string; expiry_month: string; expiry_year: string; cvv: string; holder_name: string | null }
    }

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
    const path = `/payments/${id}/stream`
    const response = await this.#withToken({ method: 'GET', path, headers: { accept: 'text/event-stream' }, signal })
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

function withDeadlines(answer: Answer): Payment {
  const nowMs = performance.now()
  const { expected_in_ms: expectedInMs, expires_in_ms: expiresInMs } = answer
  return {
    ...answer,
    expectedAtMs: expectedInMs === null ? null : nowMs + expectedInMs,
    expiresAtMs: nowMs + expiresInMs,
  }
}
