/**
 * Lists by keyboard and pointer: j and k or the arrows move, Enter opens (the row's link is focused, so the browser does that),
 * x selects, and a click anywhere in a row opens it. The rows are looked up in the page when something happens; a list that is
 * renewed meanwhile needs no book-keeping.
 */
import { onCleanup } from 'solid-js'

const STEPS: Record<string, number> = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }
const ROW = 'tr, li'
const INTERACTIVE = 'a, button, input, label, select'

/** A `ref` for the element around the rows, whose links have the class `row-link`. */
export function rows(container: HTMLElement): void {
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return
    const step = STEPS[event.key]
    if (step !== undefined) move(container, event, step)
    else if (event.key === 'x') select(container, event)
  }
  const onClick = (event: MouseEvent) => {
    const target = event.target as Element
    // Who selects text in a row does not want to leave.
    if (target.closest(INTERACTIVE) || String(getSelection())) return
    target.closest(ROW)?.querySelector<HTMLElement>('.row-link')?.click()
  }
  document.addEventListener('keydown', onKey)
  container.addEventListener('click', onClick)
  onCleanup(() => document.removeEventListener('keydown', onKey))
}

function move(container: HTMLElement, event: KeyboardEvent, step: number): void {
  const focused = document.activeElement
  // The arrows scroll the page unless one is in the list already.
  if (event.key.startsWith('Arrow') && !container.contains(focused)) return
  const links = [...container.querySelectorAll<HTMLElement>('.row-link, a.wf-row')]
  const at = links.findIndex((link) => link === focused || link.closest(ROW)?.contains(focused))
  const next = at < 0 ? links[0] : links[at + step]
  if (!next) return
  event.preventDefault()
  next.focus()
  next.scrollIntoView({ block: 'nearest' })
}

function select(container: HTMLElement, event: KeyboardEvent): void {
  const focused = document.activeElement
  if (!container.contains(focused)) return
  const box = focused?.closest(ROW)?.querySelector<HTMLInputElement>('input[type=checkbox]')
  if (!box) return
  event.preventDefault()
  box.click()
}

/** True while keys belong to what is being typed, or to a dialog on top. */
export function isTyping(target: EventTarget | null): boolean {
  if (document.querySelector('dialog[open]')) return true
  if (!(target instanceof HTMLElement)) return false
  if (target instanceof HTMLInputElement) return !/^(checkbox|radio|range)$/.test(target.type)
  return target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName)
}
