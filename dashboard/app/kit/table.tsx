/** A table's region: it scrolls sideways by itself, and by the keyboard. */
import type { ParentProps } from 'solid-js'
import { rows } from './rows.ts'

/** `sheet`: a table that is the page's own, from edge to edge. */
export function TableRegion(props: ParentProps<{ label: string; sheet?: boolean }>) {
  return (
    <section class={props.sheet ? 'tbl-scroll' : 'tbl-wrap'} tabindex="0" aria-label={props.label} ref={rows}>
      {props.children}
    </section>
  )
}
