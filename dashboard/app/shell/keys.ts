/** Single keys that work on every page: g and a letter goes, p pauses, t changes the theme, ? shows the list. */
import { useNavigate } from '@solidjs/router'
import { onCleanup } from 'solid-js'
import { connect, line, pause } from '../data/live.ts'
import { isTyping } from '../kit/rows.ts'
import { pageLinks } from './pages.ts'
import { nextTheme } from './theme.ts'

/** How long g waits for its letter, ms. */
const CHORD_MS = 1_500

export function togglePause(): void {
  if (line() === 'paused') connect()
  else pause()
}

export function shellKeys(on: { palette: () => void; help: () => void }): void {
  const navigate = useNavigate()
  let chordUntil = 0
  const onKey = (event: KeyboardEvent) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
      event.preventDefault()
      on.palette()
      return
    }
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
    if (performance.now() < chordUntil) {
      chordUntil = 0
      const link = pageLinks().find(({ key }) => key === event.key)
      if (!link) return
      event.preventDefault()
      // What listens after us must not take the letter for its own.
      event.stopImmediatePropagation()
      navigate(link.href)
      return
    }
    if (event.key === 'g') chordUntil = performance.now() + CHORD_MS
    else if (event.key === 'p') togglePause()
    else if (event.key === 't') nextTheme()
    else if (event.key === '?') on.help()
  }
  // In the capturing phase, so that a chord is finished before a page's own keys see its letter.
  document.addEventListener('keydown', onKey, true)
  onCleanup(() => document.removeEventListener('keydown', onKey, true))
}
