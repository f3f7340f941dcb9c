/** The rail: every page, what is open or failed beside it, and who is signed in. On a narrow screen it is a popover. */
import { A, useLocation } from '@solidjs/router'
import { createEffect, For, on, Show } from 'solid-js'
import { boot } from '../data/boot.ts'
import { count } from '../format/number.ts'
import { Icon } from '../kit/icon.tsx'
import { openCounts } from './counts.ts'
import { pageGroups } from './pages.ts'
import { signOut } from './session.ts'
import { nextTheme, THEME_WORDS, theme } from './theme.ts'

export function Rail() {
  let rail!: HTMLElement
  const location = useLocation()
  const isHere = (href: string) =>
    href === '/dashboard' ? location.pathname === href : location.pathname.startsWith(href)
  createEffect(
    on(
      () => location.pathname,
      () => rail.matches(':popover-open') && rail.hidePopover(),
      { defer: true },
    ),
  )
  return (
    <nav class="rail" id="rail" popover aria-label="Main" ref={rail}>
      <A class="brand" href={boot.account?.merchant ? '/dashboard' : '/dashboard/actors'}>
        <Icon name="mark" />
        <span>
          Async Payment <br />
          Gateway
        </span>
      </A>
      <For each={pageGroups()}>
        {(group) => (
          <ul class="rail-group" aria-label={group.label}>
            <For each={group.links}>
              {(link) => (
                <li>
                  <A
                    href={link.href}
                    aria-current={isHere(link.href) ? 'page' : undefined}
                    activeClass=""
                    inactiveClass=""
                  >
                    <Icon name={link.icon} />
                    {link.word}
                    <Show when={link.key === 't' && openCounts().open}>
                      {(open) => <span class="count num">{count(open())} open</span>}
                    </Show>
                    <Show when={link.key === 'w' && openCounts().failed}>
                      {(failed) => <span class="count num is-bad">{count(failed())} failed</span>}
                    </Show>
                  </A>
                </li>
              )}
            </For>
          </ul>
        )}
      </For>
      <div class="rail-foot">
        <p>
          <b>{boot.account?.merchant?.name ?? 'Operator'}</b>
          <br />
          <span class="faint">{boot.account?.merchant?.email ?? 'no merchant'}</span>
        </p>
        <button
          class="btn plain"
          type="button"
          aria-label={`Colour theme: ${THEME_WORDS[theme()]}`}
          title={`Colour theme: ${THEME_WORDS[theme()]}`}
          onClick={nextTheme}
        >
          <Icon name={theme() === 'dark' ? 'moon' : 'sun'} />
        </button>
        <button class="btn plain" type="button" aria-label="Sign out" title="Sign out" onClick={signOut}>
          <Icon name="out" />
        </button>
      </div>
    </nav>
  )
}
