/** The test merchant, calling the API as its server would: over HTTP, with its keys. */
export interface Answer {
  status: number
  headers: Headers
  text: string
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into answers of every shape
  body: any
}

export interface CallOptions {
  /** Sent as JSON; a string is sent as it is. */
  body?: unknown
  headers?: Record<string, string>
  /** ms */
  timeoutMs?: number
}

const CREDENTIALS = { 'x-api-key': 'key_test_abc123', 'x-api-secret': 'secret_test_xyz789' }
const PATIENCE_MS = 30_000

export class Merchant {
  readonly #url: string

  constructor(url: string) {
    this.#url = url
  }

  /** Rejects when there is no answer. */
  async call(
    method: string,
    path: string,
    { body, headers, timeoutMs = PATIENCE_MS }: CallOptions = {},
  ): Promise<Answer> {
    const text = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body)
    const response = await fetch(`${this.#url}${path}`, {
      method,
      headers: { ...CREDENTIALS, ...(text === null ? {} : { 'content-type': 'application/json' }), ...headers },
      signal: AbortSignal.timeout(timeoutMs),
      ...(text === null ? {} : { body: text }),
    })
    const answer = await response.text()
    const json = response.headers.get('content-type')?.startsWith('application/json') && answer !== ''
    return { status: response.status, headers: response.headers, text: answer, body: json ? JSON.parse(answer) : null }
  }

  /** A payment of 500.00 rupees by UPI, unless `fields` say otherwise. */
  pay(fields: object = {}, headers: Record<string, string> = {}): Promise<Answer> {
    const body = { order_id: 'ord_test_001', method: 'upi', vpa: 'success@sim', ...fields }
    return this.call('POST', '/api/v1/payments', { body, headers })
  }

  /** The payment as it stands. */
  async payment(id: string): Promise<Answer['body']> {
    return (await this.call('GET', `/api/v1/payments/${id}`)).body
  }

  refund(id: string, amount: number, headers: Record<string, string> = {}): Promise<Answer> {
    return this.call('POST', `/api/v1/payments/${id}/refunds`, { body: { amount }, headers })
  }

  capture(id: string): Promise<Answer> {
    return this.call('POST', `/api/v1/payments/${id}/capture`)
  }

  async sendWebhooksTo(url: string): Promise<void> {
    const { status, text } = await this.call('PUT', '/api/v1/webhooks/config', { body: { webhook_url: url } })
    if (status !== 200) throw new Error(`the webhook URL was refused: ${text}`)
  }
}
