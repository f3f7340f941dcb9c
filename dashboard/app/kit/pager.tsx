/** Through a list page by page: where one is, and the two ways to go. */
import { Show } from 'solid-js'
import { count } from '../format/number.ts'
import { Icon } from './icon.tsx'

export interface PagerProps {
  /** Rows before this page. */
  offset: number
  shown: number
  total: number
  /** false: there are more than `total`. */
  exact: boolean
  limit: number
  onMove: (offset: number) => void
}

/** The API leafs so far and no further; beyond, one filters. */
const MAX_OFFSET = 10_000

export function Pager(props: PagerProps) {
  const last = () => props.offset + props.shown
  const more = () => last() < props.total || !props.exact
  return (
    <div class="pager">
      <p class="num soft">
        {count(props.offset + (props.shown ? 1 : 0))} to {count(last())} of {props.exact ? '' : 'more than '}
        {count(props.total)}
      </p>
      <p class="hints note">
        <kbd>J</kbd> <kbd>K</kbd> move, <kbd>Enter</kbd> open
      </p>
      <div class="acts">
        <Show when={props.offset + props.limit > MAX_OFFSET}>
          <span class="note">Narrow the period to see older ones.</span>
        </Show>
        <button
          class="btn"
          type="button"
          disabled={props.offset === 0}
          onClick={() => props.onMove(Math.max(0, props.offset - props.limit))}
        >
          <Icon name="left" />
          Newer
        </button>
        <button
          class="btn"
          type="button"
          disabled={!more() || props.offset + props.limit > MAX_OFFSET}
          onClick={() => props.onMove(props.offset + props.limit)}
        >
          Older
          <Icon name="right" />
        </button>
      </div>
    </div>
  )
}
