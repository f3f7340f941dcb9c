/**
 * The frame's document: an empty page with one script. Everything that could go wrong before the script runs is decided here: who may
 * frame it, what it may load, and what to show when the API is away.
 */
import { pageHeaders } from '../../web/security.ts'
import type { Assets } from './assets.ts'
import { html } from './html.ts'

export interface PageAnswer {
  status: number
  headers: Record<string, string>
  html: string
}

type Query = Record<string, string | undefined>

/** Without the API nobody knows whose pages these are. Pages on the developer's own machine are shown all the same: they see why. */
const LOOPBACK = ['http://localhost:*', 'http://127.0.0.1:*', 'https://localhost:*', 'https://127.0.0.1:*']

export class FramePage {
  readonly #apiUrl: string
  readonly #assets: Assets

  /** `apiUrl`: where browsers reach the API. */
  constructor(apiUrl: string, assets: Assets) {
    this.#apiUrl = apiUrl
    this.#assets = assets
  }

  /** `origins`: asked only when somebody wants to frame it; null when that is unknown. */
  async answer(query: Query, origins: () => Promise<string[] | null>): Promise<PageAnswer> {
    if (query.embedded !== 'true') return this.#page(query, [])
    const allowed = await origins()
    if (allowed === null) return this.#away(query)
    return this.#page(query, ["'self'", ...(allowed.length > 0 ? allowed : LOOPBACK)])
  }

  #page(query: Query, ancestors: string[]): PageAnswer {
    const { script, style } = this.#assets
    const page = html`<!doctype html>
<html lang="en" data-api="${this.#apiUrl}"${theme(query)}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Payment</title>
<link rel="icon" href="data:,">
<link rel="preconnect" href="${this.#apiUrl}" crossorigin>
<link rel="stylesheet" href="${style}">
<script type="module" src="${script}"></script>
</head>
<body><noscript><main class="co"><div class="co-body"><section class="end"><h1 class="title">JavaScript is off</h1><p>Switch it on to pay here. Nothing was taken.</p></section></div></main></noscript></body>
</html>`
    return { status: 200, headers: this.#headers({ connect: [this.#apiUrl], ancestors }), html: page.text }
  }

  /**
   * A page that anybody may frame, because there is nothing on it to click but "again", which asks anew whose pages these are. In a
   * shop's modal it says more than the browser's own "refused to connect".
   */
  #away(query: Query): PageAnswer {
    const page = html`<!doctype html>
<html lang="en"${theme(query)}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Not available right now</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${this.#assets.style}">
</head>
<body><main class="co" data-test-id="checkout-container"><div class="co-body"><section class="end" data-test-id="error-state"><h1 class="title">Not available right now</h1><p data-test-id="error-message">The payment service is resting. Nothing was taken.</p><div class="co-acts"><a class="btn primary pay" href="" data-test-id="retry-button">Try again</a></div></section></div></main></body>
</html>`
    return { status: 503, headers: { ...this.#headers({ ancestors: ['*'] }), 'retry-after': '5' }, html: page.text }
  }

  #headers(sources: { connect?: string[]; ancestors: string[] }): Record<string, string> {
    return {
      ...pageHeaders(sources),
      'cache-control': 'no-store',
      // A shop that isolates itself (cross-origin-embedder-policy) may still frame the checkout.
      'cross-origin-resource-policy': 'cross-origin',
      'cross-origin-embedder-policy': 'require-corp',
    }
  }
}

/** On the root element before the first paint, so that a dark shop sees no white flash. */
function theme({ theme: mode }: Query) {
  return mode === 'light' || mode === 'dark' ? html` data-theme="${mode}"` : html``
}
