/** A page's own search. `/` leads to it; what is typed is applied a moment later, or at once by Enter. */
import { onCleanup, onMount } from 'solid-js'
import { Icon } from './icon.tsx'
import { isTyping } from './rows.ts'

const SETTLE_MS = 250

export function Search(props: { label: string; placeholder: string; value: string; onChange: (text: string) => void }) {
  let input!: HTMLInputElement
  let timer: ReturnType<typeof setTimeout> | undefined
  const apply = () => {
    clearTimeout(timer)
    const text = input.value.trim()
    if (text !== props.value) props.onChange(text)
  }
  const onSlash = (event: KeyboardEvent) => {
    if (event.key !== '/' || isTyping(event.target)) return
    event.preventDefault()
    input.focus()
  }
  onMount(() => document.addEventListener('keydown', onSlash))
  onCleanup(() => {
    document.removeEventListener('keydown', onSlash)
    clearTimeout(timer)
  })
  return (
    <div class="search">
      <Icon name="search" />
      <input
        ref={input}
        class="input"
        type="search"
        aria-label={props.label}
        placeholder={props.placeholder}
        value={props.value}
        autocomplete="off"
        spellcheck={false}
        onInput={() => {
          clearTimeout(timer)
          timer = setTimeout(apply, SETTLE_MS)
        }}
        onKeyDown={(event) => event.key === 'Enter' && apply()}
      />
      <kbd>/</kbd>
    </div>
  )
}
