/**
 * The one way to the API: over the dashboard's own origin, whose server adds who is asking. What goes wrong becomes an
 * ApiError, whose words can stand on the page as they are: what happened, and what to do.
 */

export class ApiError extends Error {
  override name = 'ApiError'
  /** 0: there was no answer. */
  readonly status: number
  readonly code: string
  readonly field: string | null
  readonly requestId: string | null

  constructor(status: number, code: string, description: string, field: string | null, requestId: string | null) {
    super(description)
    this.status = status
    this.code = code
    this.field = field
    this.requestId = requestId
  }

  /** True when the same call may work in a moment: nothing is wrong with what was asked. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500
  }
}

export type Params = Record<string, string | number | null | undefined>

/** `path` with what is set of `params`. */
export function withParams(path: string, params: Params): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(params)) {
    if (value !== null && value !== undefined && value !== '') query.set(name, String(value))
  }
  return query.size > 0 ? `${path}?${query}` : path
}

export function get<T>(path: string, params: Params = {}): Promise<T> {
  return call<T>('GET', withParams(path, params))
}

/** `idempotencyKey`: the same for a repeat of the same wish, so that a second click or a lost answer does it once. */
export function post<T>(path: string, body: object = {}, idempotencyKey?: string): Promise<T> {
  return call<T>('POST', path, body, idempotencyKey ? { 'idempotency-key': idempotencyKey } : {})
}

export function put<T>(path: string, body: object): Promise<T> {
  return call<T>('PUT', path, body)
}

export function patch<T>(path: string, body: object): Promise<T> {
  return call<T>('PATCH', path, body)
}

export function remove(path: string): Promise<void> {
  return call<void>('DELETE', path)
}

/** How long an answer may take, ms: more than the API's own 10 s for what an actor decides. */
const PATIENCE_MS = 15_000

async function call<T>(method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<T> {
  const request = {
    method,
    headers: body ? { 'content-type': 'application/json', ...headers } : headers,
    body: body ? JSON.stringify(body) : null,
    signal: AbortSignal.timeout(PATIENCE_MS),
  }
  const response = await fetch(path, request).catch(() => {
    throw new ApiError(0, 'NO_ANSWER', 'The dashboard’s server does not answer. Is it running?', null, null)
  })
  const answer: unknown = await response.json().catch(() => null)
  if (response.ok) return answer as T
  if (response.status === 401) signInAgain()
  throw errorOf(response, answer)
}

function errorOf(response: Response, answer: unknown): ApiError {
  const error = (answer as { error?: Partial<Record<string, string>> } | null)?.error ?? {}
  const description = error.description ?? `The API answered ${response.status} without saying why.`
  const requestId = error.request_id ?? response.headers.get('x-request-id')
  return new ApiError(response.status, error.code ?? 'SERVER_ERROR', description, error.field ?? null, requestId)
}

/** The session is over: the server leads to the door, or in demo mode straight back in. */
function signInAgain(): void {
  if (location.pathname !== '/login') location.reload()
}

/** An Idempotency-Key: one wish of one person. Not `randomUUID`, which browsers offer on https and localhost alone. */
export function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
