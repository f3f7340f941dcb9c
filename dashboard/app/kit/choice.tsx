/** A filter with few values: the browser's own list in the shape of a chip, so that it works by keyboard, touch and voice. */
import { For } from 'solid-js'
import { Icon, type IconName } from './icon.tsx'

export function Choice<Value extends string>(props: {
  label: string
  icon?: IconName
  options: readonly (readonly [Value, string])[]
  value: Value
  onChange: (value: Value) => void
}) {
  return (
    <span class="chip choice" data-on={props.value !== props.options[0]?.[0]}>
      {props.icon && <Icon name={props.icon} />}
      <select
        aria-label={props.label}
        value={props.value}
        onChange={(event) => props.onChange(event.currentTarget.value as Value)}
      >
        <For each={props.options}>{([value, word]) => <option value={value}>{word}</option>}</For>
      </select>
      <Icon name="down" />
    </span>
  )
}

/** A filter that is set, with the way to take it back. */
export function SetFilter(props: { words: string; onRemove: () => void }) {
  return (
    <button
      class="chip is-set"
      type="button"
      aria-label={`Remove the filter ${props.words}`}
      onClick={() => props.onRemove()}
    >
      <span>{props.words}</span>
      <Icon name="cross" />
    </button>
  )
}
