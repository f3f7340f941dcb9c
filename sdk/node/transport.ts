/**
 * One call to the gateway, tried until it is answered. Every POST carries an idempotency key, the same on each try, so a try whose
 * answer was lost runs once; everything else may be repeated as it is.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { GatewayRefusal, GatewayUnreachable, type Refusal } from './errors.ts'

export interface GatewayOptions {
  apiKey: string
  apiSecret: string
  /** `http://localhost:8000` unless set. */
  baseUrl?: string
  /** Of one try, ms; 30 s unless set. */
  timeoutMs?: number
  /** Tries after the first; 3 unless set. */
  retries?: number
  /** Node's own unless set. */
  fetch?: typeof fetch
}

export interface CallOptions {
  /** Of a POST; a new one unless set. Set it to what your own database keeps, and a restart of your process repeats nothing. */
  idempotencyKey?: string
  /** Gives the call up. */
  signal?: AbortSignal
}

export type Query = Record<string, string | number | boolean | undefined>

export interface Call extends CallOptions {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  query?: Query
  body?: unknown
}

const TIMEOUT_MS = 30_000
const RETRIES = 3
const FIRST_PAUSE_MS = 200
const LONGEST_PAUSE_MS = 10_000
/** The gateway, or what stands before it, is away or has too much to do. */
const PASSING = new Set([429, 502, 503, 504])
/** The decision takes longer than a call may; the same key waits for it. */
const UNDECIDED = 202

export class Transport {
  readonly baseUrl: string
  readonly #headers: Record<string, string>
  readonly #timeoutMs: number
  readonly #retries: number
  readonly #fetch: typeof fetch

  constructor(options: GatewayOptions) {
    this.baseUrl = (options.baseUrl ?? 'http://localhost:8000').replace(/\/+$/, '')
    this.#headers = { 'x-api-key': options.apiKey, 'x-api-secret': options.apiSecret }
    this.#timeoutMs = options.timeoutMs ?? TIMEOUT_MS
    this.#retries = options.retries ?? RETRIES
    this.#fetch = options.fetch ?? fetch
  }

  /** The answer's body. Throws GatewayRefusal or GatewayUnreachable. */
  async call<Body>(call: Call): Promise<Body> {
    const key = call.method === 'POST' ? (call.idempotencyKey ?? randomUUID()) : null
    for (let tried = 0; ; tried++) {
      const last = tried === this.#retries
      const response = await this.#try(call, key, last)
      if (response && (last || !isPassing(response))) return bodyOf<Body>(response)
      // What is not read would hold the connection.
      await response?.body?.cancel()
      await sleep(pauseMs(response, tried), undefined, call.signal ? { signal: call.signal } : {})
    }
  }

  /** The response itself, for streams. */
  open(path: string, query: Query, headers: Record<string, string>, signal: AbortSignal): Promise<Response> {
    return this.#fetch(this.#url(path, query), { headers: { ...this.#headers, ...headers }, signal })
  }

  /** null: no answer, and there are tries left. */
  async #try(
    { method, path, query = {}, body, signal }: Call,
    key: string | null,
    last: boolean,
  ): Promise<Response | null> {
    const timeout = AbortSignal.timeout(this.#timeoutMs)
    try {
      return await this.#fetch(this.#url(path, query), {
        method,
        headers: {
          ...this.#headers,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(key === null ? {} : { 'idempotency-key': key }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      })
    } catch (cause) {
      signal?.throwIfAborted()
      if (!last) return null
      throw new GatewayUnreachable(`${this.baseUrl} does not answer`, key, cause)
    }
  }

  #url(path: string, query: Query): string {
    const asked = new URLSearchParams()
    for (const [name, value] of Object.entries(query)) if (value !== undefined) asked.set(name, String(value))
    return `${this.baseUrl}${path}${asked.size === 0 ? '' : `?${asked}`}`
  }
}

function isPassing({ status }: Response): boolean {
  return PASSING.has(status) || status === UNDECIDED
}

/** As long as the gateway says, else twice as long each time; spread, so that many clients do not come back at once. */
function pauseMs(response: Response | null, tried: number): number {
  const asked = Number(response?.headers.get('retry-after') ?? Number.NaN) * 1_000
  const longest = Math.min(Number.isNaN(asked) ? FIRST_PAUSE_MS * 2 ** tried : asked, LONGEST_PAUSE_MS)
  return longest * (0.75 + Math.random() / 4)
}

async function bodyOf<Body>(response: Response): Promise<Body> {
  const text = await response.text()
  if (response.ok) return (text === '' ? undefined : JSON.parse(text)) as Body
  throw new GatewayRefusal(refusalOf(response, text))
}

function refusalOf({ status, statusText, headers }: Response, text: string): Refusal {
  const requestId = headers.get('x-request-id')
  const known = { status, ...(requestId === null ? {} : { requestId }) }
  try {
    return { ...known, ...(JSON.parse(text) as { error: Refusal }).error, status }
  } catch {
    // Not the gateway's own words: a proxy before it has answered.
    return { ...known, code: 'UNKNOWN', description: statusText || `HTTP ${status}` }
  }
}
