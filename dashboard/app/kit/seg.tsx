/** A choice of few, all in view. */
import { For } from 'solid-js'

export function Seg<Value extends string>(props: {
  label: string
  options: readonly (readonly [Value, string])[]
  value: Value
  onChange: (value: Value) => void
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a legend; these are buttons that belong together.
    <div class="seg" role="group" aria-label={props.label}>
      <For each={props.options}>
        {([value, word]) => (
          <button type="button" aria-pressed={props.value === value} onClick={() => props.onChange(value)}>
            {word}
          </button>
        )}
      </For>
    </div>
  )
}
