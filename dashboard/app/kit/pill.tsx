/** New rows that wait for a click, so that nothing moves under the pointer. */
import { Show } from 'solid-js'
import { Icon } from './icon.tsx'

export function NewPill(props: { waiting: number; onTake: () => void }) {
  return (
    <Show when={props.waiting > 0}>
      <button class="pill num" type="button" onClick={() => props.onTake()}>
        <Icon name="up" />
        {props.waiting} new
      </button>
    </Show>
  )
}
