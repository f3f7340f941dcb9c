/**
 * Whose pages may show the checkout, as the API tells it. The browser enforces the answer (frame-ancestors), so it must be there
 * before the page is sent; merchants rarely change it, so it is kept for a minute, and longer while the API is away.
 */

const FRESH_MS = 60_000
const KEPT = 1_000
const PATIENCE_MS = 5_000

interface Known {
  origins: string[]
  atMs: number
}

export class Origins {
  readonly #apiUrl: string
  readonly #known = new Map<string, Known>()

  constructor(apiUrl: string) {
    this.#apiUrl = apiUrl
  }

  /** Sources for frame-ancestors; null when the API does not answer and nothing is known. `key` null: by the order's merchant. */
  async of(key: string | null, orderId: string): Promise<string[] | null> {
    const query = new URLSearchParams(key === null ? { order_id: orderId } : { key }).toString()
    const known = this.#known.get(query)
    if (known && performance.now() - known.atMs < FRESH_MS) return known.origins
    const asked = await this.#ask(query)
    if (asked) this.#keep(query, asked)
    return asked ?? known?.origins ?? null
  }

  async #ask(query: string): Promise<string[] | null> {
    try {
      const response = await fetch(`${this.#apiUrl}/api/v1/checkout/origins?${query}`, {
        signal: AbortSignal.timeout(PATIENCE_MS),
      })
      // A key or an order that does not exist has no pages; the frame itself will say so.
      if (response.status >= 400 && response.status < 500) return []
      return response.ok ? ((await response.json()) as { origins: string[] }).origins : null
    } catch {
      // Away, or too slow: both are answered by what is known.
      return null
    }
  }

  #keep(query: string, origins: string[]): void {
    this.#known.delete(query)
    this.#known.set(query, { origins, atMs: performance.now() })
    const [oldest] = this.#known.keys()
    if (this.#known.size > KEPT && oldest !== undefined) this.#known.delete(oldest)
  }
}
