/** The clock on the page, for what counts down or grows. It stands still while nobody looks. */
import { type Accessor, createSignal, onCleanup } from 'solid-js'

/** The time in ms, renewed every `everyMs` while the page is visible. */
export function createNow(everyMs: number): Accessor<number> {
  const [now, setNow] = createSignal(Date.now())
  const timer = setInterval(() => {
    if (document.visibilityState === 'visible') setNow(Date.now())
  }, everyMs)
  onCleanup(() => clearInterval(timer))
  return now
}
