/** A state: outline, colour and word, always all three. */
import type { JSX } from 'solid-js'
import { Glyph } from './icon.tsx'

/** `children` instead of the state's own word. */
export function Badge(props: { state: string; testId?: string; children?: JSX.Element }) {
  return (
    <span class="badge" data-state={props.state} data-test-id={props.testId}>
      <Glyph state={props.state} />
      {props.children ?? props.state}
    </span>
  )
}
