/** What the checkout's own pages have in common. */
import { icons, states } from '../../web/icons.ts'
import type { Assets } from './assets.ts'
import { Html, html } from './html.ts'

export interface Shell {
  title: string
  /** Marks its link. */
  path: '/demo' | '/docs'
  /** The demo store is there. */
  demo: boolean
  body: Html
}

export function shell({ title, path, demo, body }: Shell, { script, style }: Assets): string {
  const link = (to: string, word: string) =>
    html`<a href="${to}"${to === path ? html` aria-current="page"` : ''}>${word}</a>`
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Async Payment Gateway</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${style}">
<script src="/checkout.js" defer></script>
<script type="module" src="${script}"></script>
</head>
<body>
<header class="top"><a class="brand" href="/">${icon('mark')}<span>Async Payment Gateway</span></a><nav aria-label="Main">${demo ? link('/demo', 'Demo Store') : ''}${link('/docs', 'Docs')}</nav></header>
<main class="page">
${body}
</main>
</body>
</html>`.text
}

export function icon(name: keyof typeof icons): Html {
  return new Html(`<svg class="i" viewBox="0 0 16 16" aria-hidden="true">${icons[name]}</svg>`)
}

export function glyph(name: keyof typeof states): Html {
  return new Html(`<svg class="g" viewBox="0 0 14 14" aria-hidden="true">${states[name]}</svg>`)
}

/** A block of code with its button. `language`: as its head says. */
export function snippet(id: string, language: string, code: string): Html {
  return html`<figure class="snippet"><figcaption>${language}<button class="btn plain" type="button" data-copy="${id}">${icon('copy')}<span>Copy</span></button></figcaption><pre class="code" id="${id}" tabindex="0" aria-label="${language}">${code}</pre></figure>`
}
