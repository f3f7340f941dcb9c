/** What came of something one did. A failure stays until it is dismissed; a success has nothing more to say after a while. */
import { A } from '@solidjs/router'
import { createSignal, For, Show } from 'solid-js'
import { Glyph, Icon } from './icon.tsx'

export interface Toast {
  state: 'success' | 'failed' | 'pending'
  /** The news in a few words, bold. */
  title?: string
  text?: string
  /** Where to look at it. */
  href?: string
}

const SHOWN_MS = 6_000
/** More at once nobody reads; the oldest leave. */
const MAX = 4

const [toasts, setToasts] = createSignal<(Toast & { id: number })[]>([])
let last = 0

export function toast(news: Toast): void {
  const id = ++last
  setToasts((shown) => [...shown, { ...news, id }].slice(-MAX))
  if (news.state !== 'failed') setTimeout(() => dismiss(id), SHOWN_MS)
}

function dismiss(id: number): void {
  setToasts((shown) => shown.filter((one) => one.id !== id))
}

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      <For each={toasts()}>
        {(one) => (
          <div class="toast" data-state={one.state}>
            <Glyph state={one.state} />
            <p>
              <Show when={one.title}>
                <b>{one.title}</b>{' '}
              </Show>
              {one.text}
            </p>
            <Show when={one.href}>
              {(href) => (
                <A class="btn plain" href={href()} onClick={() => dismiss(one.id)}>
                  Open it
                </A>
              )}
            </Show>
            <button class="copy" type="button" aria-label="Dismiss" onClick={() => dismiss(one.id)}>
              <Icon name="cross" />
            </button>
          </div>
        )}
      </For>
    </div>
  )
}
