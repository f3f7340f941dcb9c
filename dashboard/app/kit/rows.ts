/**
 * Lists by the keyboard: j and k or the arrows move, Enter opens (the row's link is focused, so the browser does that), x selects.
 * The rows are found in the page when a key is pressed; a list that is renewed meanwhile needs no book-keeping.
 */
import { onCleanup } from 'solid-js'

const STEPS: Record<string, number> = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }

/** Use on the element around the rows, whose links have the class `row-link`. */
export function rowKeys(container: HTMLElement): void {
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return
    const focused = document.activeElement
    const inside = container.contains(focused)
    const step = STEPS[event.key]
    if (step !== undefined) {
      // The arrows scroll the page unless one is in the list already.
      if (event.key.startsWith('Arrow') && !inside) return
      const links = [...container.querySelectorAll<HTMLElement>('.row-link')]
      const at = links.findIndex((link) => link === focused || link.closest('tr, li')?.contains(focused))
      const next = at < 0 ? links[0] : links[at + step]
      if (!next) return
      event.preventDefault()
      next.focus()
      next.scrollIntoView({ block: 'nearest' })
    } else if (event.key === 'x' && inside) {
      const box = focused?.closest('tr, li')?.querySelector<HTMLInputElement>('input[type=checkbox]')
      if (!box) return
      event.preventDefault()
      box.click()
    }
  }
  document.addEventListener('keydown', onKey)
  onCleanup(() => document.removeEventListener('keydown', onKey))
}

/** True while keys belong to what is being typed, or to a dialog on top. */
export function isTyping(target: EventTarget | null): boolean {
  if (document.querySelector('dialog[open]')) return true
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
    ? !(target instanceof HTMLInputElement && /^(checkbox|radio|range)$/.test(target.type))
    : false
}
