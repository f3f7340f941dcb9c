/** A store with one product, until the dashboard's own: what a merchant's page does with the checkout, and nothing more. */
import type { Assets } from './assets.ts'
import { type Html, html } from './html.ts'
import { glyph, icon, shell, snippet } from './shell.ts'

export interface DemoOptions {
  /** The test merchant's. */
  apiKey: string
}

/** Seeded, and payable again and again. */
const ORDER_ID = 'ORDER_123'

const INSTRUMENTS: [instrument: string, state: 'success' | 'failed' | 'pending', then: string][] = [
  ['success@sim', 'success', 'after the bank’s usual delay'],
  ['success.0s@sim', 'success', 'at once'],
  ['insufficient_funds@sim', 'failed', 'and you may try again'],
  ['timeout.success.30s@sim', 'pending', 'no answer for 30 s, then found successful'],
  ['4111 1111 1111 1111', 'success', 'Visa'],
  ['4000 0000 0000 0002', 'failed', 'declined'],
]

const GLYPH = { success: 'done', failed: 'wrong', pending: 'waits' } as const

export function demoPage({ apiKey }: DemoOptions, assets: Assets): string {
  const body = html`<header class="head"><h1>Demo Store</h1><p class="answer"><b>Buy something for ₹500.00.</b> No money moves in test mode; everything else is real: order, bank, webhook.</p></header>
<div class="cells two">
<section class="cell shop" aria-labelledby="product">${notebook()}<div class="shop-text"><h2 id="product">Ledger notebook</h2><p class="soft">192 ruled pages, double margin, sewn.</p><p class="price num">₹500.00</p><button class="btn primary big" type="button" data-test-id="buy-button" data-key="${apiKey}" data-order="${ORDER_ID}">Buy Now</button><div id="outcome"></div></div></section>
<section class="cell"><div class="cell-head"><h2>Choose the outcome</h2><span class="note">type it as UPI ID or card number</span></div>
<table class="tbl"><thead><tr><th scope="col">Instrument</th><th scope="col">What the bank does</th></tr></thead><tbody>${INSTRUMENTS.map(instrumentRow)}</tbody></table></section>
</div>
<section class="cell"><div class="cell-head"><h2>What the button does</h2></div>${snippet('code-button', 'JavaScript', buttonCode(apiKey))}</section>`
  return shell({ title: 'Demo Store', path: '/demo', demo: true, body }, assets)
}

function instrumentRow([instrument, state, then]: (typeof INSTRUMENTS)[number], index: number): Html {
  const id = `instrument-${index}`
  return html`<tr><th scope="row"><code id="${id}">${instrument}</code><button class="copy" type="button" data-copy="${id}" aria-label="Copy ${instrument}">${icon('copy')}</button></th><td><span class="badge" data-state="${state}">${glyph(GLYPH[state])}${state}</span> ${then}</td></tr>`
}

function buttonCode(apiKey: string): string {
  return `const gateway = new PaymentGateway({
  key: '${apiKey}',
  orderId: '${ORDER_ID}',
  prefill: { vpa: 'success@sim' },
  onSuccess: ({ paymentId, signature }) => thank(paymentId, signature),
  onFailure: ({ description }) => apologise(description),
})
gateway.open()`
}

function notebook(): Html {
  return html`<svg class="product" viewBox="0 0 320 240" role="img" aria-label="A ruled notebook with a blue spine"><path class="p-shadow" d="M66 214h196l14 10H84z"/><rect class="p-page" x="78" y="26" width="182" height="190" rx="3"/><rect class="p-cover" x="62" y="20" width="182" height="190" rx="4"/><path class="p-spine" d="M62 24a4 4 0 0 1 4-4h18v190H66a4 4 0 0 1-4-4z"/><path class="p-rule" d="M108 66h112M108 86h112M108 106h112M108 126h112M108 146h112M108 166h112M108 186h76"/><path class="p-margin" d="M124 38v158M127 38v158"/><path class="p-ribbon" d="M214 20h12v52l-6-6-6 6z"/></svg>`
}
