/** What the API refused, under the form that asked for it. */
import { Show } from 'solid-js'
import { Glyph } from './icon.tsx'

export function Refusal(props: { words: string | null }) {
  return (
    <Show when={props.words}>
      {(words) => (
        <p class="error" role="alert" data-state="failed">
          <Glyph state="failed" />
          {words()}
        </p>
      )}
    </Show>
  )
}
