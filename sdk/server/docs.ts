/** How a merchant takes money with this checkout, as pages of snippets to copy. Addresses are those of this very server. */
import type { Assets } from './assets.ts'
import { type Html, html } from './html.ts'
import { shell, snippet } from './shell.ts'
import * as code from './snippets.ts'

export interface DocsOptions extends code.Addresses {
  demo: boolean
}

interface Section {
  id: string
  title: string
  body: Html
}

export function docsPage({ demo, ...addresses }: DocsOptions, assets: Assets): string {
  const sections = [...taking(addresses), ...guarding(addresses)]
  const body = html`<header class="head"><h1>Checkout</h1><p class="answer"><b>One script, one order, one button.</b> Card numbers never touch your page; the bank’s answer comes signed.</p></header>
<div class="docs"><nav class="toc" aria-label="On this page"><ul>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
<div class="prose">${sections.map(({ id, title, body }) => html`<section id="${id}"><h2>${title}</h2>${body}</section>`)}</div></div>`
  return shell({ title: 'Checkout', path: '/docs', demo, body }, assets)
}

function taking(addresses: code.Addresses): Section[] {
  return [
    {
      id: 'order',
      title: '1. Create an order',
      body: html`<p>On your server, with key and secret. The amount is in paise: 50000 is ₹500.00. Hand the order’s id to your page, and its <code>client_secret</code>, which is shown this once.</p>${snippet('code-order', 'curl', code.order(addresses))}`,
    },
    {
      id: 'open',
      title: '2. Open the checkout',
      body: html`<p>Three kilobytes. <code>onSuccess</code> runs when the bank has said yes, never while the payment is pending.</p>${snippet('code-open', 'HTML', code.open(addresses))}<p>With npm, types included:</p>${snippet('code-npm', 'TypeScript', code.npm(addresses))}`,
    },
    {
      id: 'signature',
      title: '3. Check the signature',
      body: html`<p>What a browser tells is not proof; the signature is. It is the HMAC-SHA256 of <code>orderId|paymentId</code> under your webhook secret, the whole string as the key.</p>${snippet('code-node', 'Node', code.checkInNode)}${snippet('code-python', 'Python', code.checkInPython)}<p>The webhook <code>payment.success</code> says the same, also when the shopper has closed the page.</p>`,
    },
    {
      id: 'options',
      title: 'Options',
      body: html`<p>Everything but <code>key</code> and <code>orderId</code> may be left out.</p>${snippet('code-options', 'JavaScript', code.options)}`,
    },
    {
      id: 'hosted',
      title: 'Without JavaScript of your own',
      body: html`<p>Send the shopper to the checkout’s own page. It comes back to <code>return_url</code>, whose origin must be one of yours, with <code>order_id</code>, <code>status</code>, <code>payment_id</code> and <code>signature</code>.</p>${snippet('code-hosted', 'Address', code.hosted(addresses))}`,
    },
  ]
}

function guarding(addresses: code.Addresses): Section[] {
  return [
    {
      id: 'origins',
      title: 'Allowed origins',
      body: html`<p>Only your pages may show your checkout: the browser refuses it anywhere else. Test merchants may use it on this machine (<code>localhost</code>, <code>127.0.0.1</code>); everything else is by the list that you set:</p>${snippet('code-origins', 'curl', code.allowedOrigins(addresses))}`,
    },
    {
      id: 'csp',
      title: 'Content-Security-Policy',
      body: html`<p>The script needs no inline style and no inline script. A strict policy with a nonce is enough:</p>${snippet('code-csp', 'HTTP', code.csp(addresses))}`,
    },
    {
      id: 'sri',
      title: 'Subresource Integrity',
      body: html`<p>Pins the script to exactly these bytes. A new release has new ones, so look the hash up at <code>/sri.json</code> when you update; the frame behind it needs no pin.</p>${snippet('code-sri', 'HTML', code.sri(addresses))}`,
    },
  ]
}
