/** A glyph of the product's own drawing. Always beside a word, so it is hidden from screen readers. */
import { type IconName, icons, type StateGlyph, states } from '../../../web/icons.ts'

export function Icon(props: { name: IconName }) {
  return <svg class="i" viewBox="0 0 16 16" aria-hidden="true" innerHTML={icons[props.name]} />
}

/** `class`: beside `g`. */
export function Glyph(props: { name: StateGlyph; class?: string }) {
  return <svg class={`g ${props.class ?? ''}`} viewBox="0 0 14 14" aria-hidden="true" innerHTML={states[props.name]} />
}
