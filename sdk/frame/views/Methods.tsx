/** How to pay: two tabs, one tab stop with arrows between them, and the panel of the chosen one. */
import { For, onMount, Show } from 'solid-js'
import type { IconName } from '../../../web/icons.ts'
import type { Method } from '../form.ts'
import { CardPanel } from './CardPanel.tsx'
import { useCheckout } from './context.ts'
import { Icon } from './Icon.tsx'
import { UpiPanel } from './UpiPanel.tsx'

const METHODS: Method[] = ['upi', 'card']
const ARROWS: Record<string, -1 | 1> = { ArrowLeft: -1, ArrowRight: 1 }
const ICON: Record<Method, IconName> = { upi: 'upi', card: 'card' }

/** The form was shown before, so whoever comes back to it has lost the place where the focus was. */
let shownBefore = false

export function Methods() {
  const checkout = useCheckout()
  const { words } = checkout
  const tabs: Partial<Record<Method, HTMLButtonElement>> = {}
  const name = { upi: [words.upi, words.upiHint], card: [words.card, words.cardHint] }
  const arrow = (event: KeyboardEvent) => {
    const step = ARROWS[event.key]
    if (!step) return
    event.preventDefault()
    const next = METHODS[(METHODS.indexOf(checkout.method()) + step + METHODS.length) % METHODS.length] as Method
    checkout.choose(next)
    tabs[next]?.focus()
  }
  onMount(() => {
    if (shownBefore) tabs[checkout.method()]?.focus()
    shownBefore = true
  })
  return (
    <>
      <div class="methods" role="tablist" aria-label={words.methods} data-test-id="payment-methods" onKeyDown={arrow}>
        <For each={METHODS}>
          {(method) => (
            <button
              ref={(tab) => {
                tabs[method] = tab
              }}
              class="method"
              type="button"
              role="tab"
              id={`tab-${method}`}
              aria-selected={checkout.method() === method}
              aria-controls="panel"
              tabindex={checkout.method() === method ? 0 : -1}
              data-test-id={`method-${method}`}
              onClick={() => checkout.choose(method)}
            >
              <Icon name={ICON[method]} />
              <b>{name[method][0]}</b>
              <small>{name[method][1]}</small>
            </button>
          )}
        </For>
      </div>
      <div class="co-body" role="tabpanel" id="panel" aria-labelledby={`tab-${checkout.method()}`}>
        <Show when={checkout.method() === 'upi'} fallback={<CardPanel />}>
          <UpiPanel />
        </Show>
      </div>
    </>
  )
}
