/** A table's region: it scrolls sideways by itself, and by the keyboard. */
import type { ParentProps } from 'solid-js'

/** `sheet`: a table that is the page's own, from edge to edge. */
export function TableRegion(props: ParentProps<{ label: string; sheet?: boolean }>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard (WCAG 2.1.1).
    <section class={props.sheet ? 'tbl-scroll' : 'tbl-wrap'} tabindex="0" aria-label={props.label}>
      {props.children}
    </section>
  )
}
