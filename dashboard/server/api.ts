/** The API as the dashboard's server calls it on its own behalf: to open, to look at and to close a session. */
import { request } from 'undici'

export interface Account {
  merchant: { id: string; name: string; email: string; test: boolean } | null
  roles: string[]
  api_key: string | null
}

export interface Opened {
  token: string
  expires_at: string
  account: Account
}

export interface Answer<T> {
  status: number
  /** As the API answered; its error envelope unless the status says that it worked. */
  body: T
}

const PATIENCE_MS = 10_000

export class Api {
  readonly #url: string

  /** `url`: where the API is reached from here, without a slash at its end. */
  constructor(url: string) {
    this.#url = url
  }

  openSession(credentials: unknown): Promise<Answer<Opened>> {
    return this.#call('POST', '/api/v1/sessions', {}, JSON.stringify(credentials))
  }

  /** The account, or null when the session is over. Throws when the API does not answer as it should. */
  async account(token: string): Promise<Account | null> {
    const { status, body } = await this.#call<Account>('GET', '/api/v1/sessions/current', bearer(token))
    if (status === 200) return body
    if (status === 401) return null
    throw new Error(`the API answered ${status} when asked whose session it is`)
  }

  async closeSession(token: string): Promise<void> {
    await this.#call('DELETE', '/api/v1/sessions/current', bearer(token))
  }

  async #call<T>(method: 'GET' | 'POST' | 'DELETE', path: string, headers: Record<string, string>, body?: string) {
    const { statusCode, body: answer } = await request(`${this.#url}${path}`, {
      method,
      headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
      body: body ?? null,
      headersTimeout: PATIENCE_MS,
      bodyTimeout: PATIENCE_MS,
    })
    const text = await answer.text()
    return { status: statusCode, body: (text ? JSON.parse(text) : null) as T }
  }
}

export function bearer(token: string): { authorization: string } {
  return { authorization: `Bearer ${token}` }
}
