/** Ctrl K: any page, any id, and the few things one does from everywhere. */
import { useNavigate } from '@solidjs/router'
import { createEffect, createMemo, createResource, createSignal, For, type JSX, on, Show } from 'solid-js'
import { line } from '../data/live.ts'
import { count } from '../format/number.ts'
import { Glyph, Icon, type IconName } from '../kit/icon.tsx'
import { wordsOf } from '../kit/notice.tsx'
import { PaletteBox } from '../kit/overlay.tsx'
import { openCounts } from './counts.ts'
import { find } from './find.ts'
import { togglePause } from './keys.ts'
import { pageLinks } from './pages.ts'
import { signOut } from './session.ts'
import { chooseTheme, theme } from './theme.ts'

interface Item {
  run: () => void
  mark: () => JSX.Element
  label: string
  /** An id, set as one. */
  mono?: boolean
  words?: string
  keys?: string
}

const SETTLE_MS = 120

export function Palette(props: { open: boolean; onClose: () => void }) {
  return (
    <PaletteBox open={props.open} onClose={props.onClose} label="Command palette">
      <PaletteList onClose={props.onClose} />
    </PaletteBox>
  )
}

function PaletteList(props: { onClose: () => void }) {
  const navigate = useNavigate()
  const [text, setText] = createSignal('')
  const [asked, setAsked] = createSignal('')
  const [at, setAt] = createSignal(0)
  const [found] = createResource(asked, async (id) => (id ? find(id) : []))
  const isLooking = () => found.loading || asked() !== text().trim()
  let timer: ReturnType<typeof setTimeout> | undefined

  const go = (href: string) => () => navigate(href)
  const icon = (name: IconName) => () => <Icon name={name} />
  const groups = createMemo(() => {
    const fits = ({ label }: Item) => label.toLowerCase().includes(text().trim().toLowerCase())
    const finds = (found.error ? [] : (found.latest ?? [])).map(
      ({ href, id, state, words }): Item => ({
        run: go(href),
        mark: () => (
          <span class="badge" data-state={state}>
            <Glyph state={state} />
          </span>
        ),
        label: id,
        mono: true,
        words,
      }),
    )
    const pages = pageLinks().map(
      ({ href, word, icon: name, key }): Item => ({
        run: go(href),
        mark: icon(name),
        label: word,
        keys: `G ${key.toUpperCase()}`,
      }),
    )
    const { open, failed } = openCounts()
    const places: Item[] = [
      {
        run: go('/dashboard/transactions?status=pending'),
        mark: icon('transactions'),
        label: 'Pending transactions',
        words: count(open),
      },
      {
        run: go('/dashboard/webhooks?status=failed'),
        mark: icon('webhooks'),
        label: 'Failed deliveries',
        words: count(failed),
      },
    ]
    const paused = line() === 'paused'
    const acts: Item[] = [
      {
        run: togglePause,
        mark: icon(paused ? 'play' : 'pause'),
        label: paused ? 'Resume live updates' : 'Pause live updates',
        keys: 'P',
      },
      theme() === 'dark'
        ? { run: () => chooseTheme('light'), mark: icon('sun'), label: 'Light theme', keys: 'T' }
        : { run: () => chooseTheme('dark'), mark: icon('moon'), label: 'Dark theme', keys: 'T' },
      { run: () => void signOut(), mark: icon('out'), label: 'Sign out' },
    ]
    return [
      { label: 'Found by id', items: finds },
      { label: 'Go to', items: [...places.filter(({ words }) => words !== '0'), ...pages].filter(fits) },
      { label: 'Do', items: acts.filter(fits) },
    ].filter(({ items }) => items.length > 0)
  })
  const items = createMemo(() => groups().flatMap(({ items }) => items))
  createEffect(on(items, () => setAt(0)))

  const run = (item: Item | undefined) => {
    if (!item) return
    props.onClose()
    item.run()
  }
  const onKey = (event: KeyboardEvent) => {
    const { length } = items()
    if (event.key === 'ArrowDown') setAt((now) => (now + 1) % length)
    else if (event.key === 'ArrowUp') setAt((now) => (now + length - 1) % length)
    else if (event.key === 'Enter') run(items()[at()])
    else return
    event.preventDefault()
    document.getElementById(`palette-${at()}`)?.scrollIntoView({ block: 'nearest' })
  }
  return (
    <>
      <div class="palette-in">
        <Icon name="search" />
        <input
          role="combobox"
          aria-label="Search or paste any id"
          aria-expanded="true"
          aria-controls="palette-list"
          aria-activedescendant={items().length > 0 ? `palette-${at()}` : undefined}
          autocomplete="off"
          spellcheck={false}
          autofocus
          placeholder="Search or paste any id"
          onInput={(event) => {
            setText(event.currentTarget.value)
            clearTimeout(timer)
            timer = setTimeout(() => setAsked(text().trim()), SETTLE_MS)
          }}
          onKeyDown={onKey}
        />
        <kbd>Esc</kbd>
      </div>
      <div class="palette-list" id="palette-list" role="listbox" aria-label="Results">
        <For
          each={groups()}
          fallback={
            <p class="note palette-none">
              <Show when={!found.error} fallback={wordsOf(found.error)}>
                {isLooking() ? 'Looking …' : 'Nothing goes by that name. Paste a whole id, or an order’s receipt.'}
              </Show>
            </p>
          }
        >
          {(group) => (
            // biome-ignore lint/a11y/useSemanticElements: groups of options, as ARIA's listbox has them.
            <div role="group" aria-label={group.label}>
              <p class="label" aria-hidden="true">
                {group.label}
              </p>
              <For each={group.items}>
                {(item) => {
                  const index = () => items().indexOf(item)
                  return (
                    // biome-ignore lint/a11y/useFocusableInteractive: the combobox keeps the focus and names the active option.
                    // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox has the keys.
                    <div
                      class="palette-item"
                      role="option"
                      id={`palette-${index()}`}
                      aria-selected={at() === index()}
                      onPointerMove={() => setAt(index())}
                      onClick={() => run(item)}
                    >
                      {item.mark()}
                      <span class={item.mono ? 'mono' : undefined}>{item.label}</span>
                      <span class="soft num">{item.words}</span>
                      <Show when={at() === index() ? 'Enter' : item.keys}>{(keys) => <kbd>{keys()}</kbd>}</Show>
                    </div>
                  )
                }}
              </For>
            </div>
          )}
        </For>
      </div>
    </>
  )
}
