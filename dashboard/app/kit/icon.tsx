/** Icons and state glyphs, drawn once in a hidden sprite and referred to by name: a table with a hundred badges stays light. */
import { For } from 'solid-js'
import { glyphOf, type IconName, icons, states } from '../../../web/icons.ts'

export type { IconName }

export function Sprite() {
  return (
    <svg class="sprite" aria-hidden="true">
      <For each={Object.entries(icons)}>
        {([name, shape]) => <symbol id={`i-${name}`} viewBox="0 0 16 16" innerHTML={shape} />}
      </For>
      <For each={Object.entries(states)}>
        {([name, shape]) => <symbol id={`s-${name}`} viewBox="0 0 14 14" innerHTML={shape} />}
      </For>
      <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <path class="hatch" d="M0 0v6" />
      </pattern>
    </svg>
  )
}

export function Icon(props: { name: IconName }) {
  return (
    <svg class="i" aria-hidden="true">
      <use href={`#i-${props.name}`} />
    </svg>
  )
}

/** The outline of a state. Its colour comes from the nearest `data-state`. */
export function Glyph(props: { state: string }) {
  return (
    <svg class="g" aria-hidden="true">
      <use href={`#s-${glyphOf[props.state] ?? 'quiet'}`} />
    </svg>
  )
}

/** The full disc of a line that is open. */
export function Dot() {
  return (
    <svg class="g" aria-hidden="true">
      <use href="#s-dot" />
    </svg>
  )
}
