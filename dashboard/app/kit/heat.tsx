/** Partitions as a heat strip: how many actors are ready in each. */
import { For } from 'solid-js'
import type { Partition } from '../data/runtime.ts'

const SIZE = 16
const STEP = 17
/** Squares a row. */
const ACROSS = 16

export function readyIn({ ready }: Partition): number {
  return Object.values(ready).reduce((sum, n) => sum + n, 0)
}

export function Heat(props: { partitions: readonly Partition[]; wide?: boolean }) {
  const across = () => Math.min(ACROSS * (props.wide ? 2 : 1), props.partitions.length)
  const down = () => Math.ceil(props.partitions.length / across())
  const busiest = () => Math.max(1, ...props.partitions.map(readyIn))
  /** None, some, many, most. */
  const shade = (n: number) => (n === 0 ? 0 : Math.min(3, Math.ceil((3 * n) / busiest())))
  return (
    <svg
      class="heat"
      classList={{ 'is-wide': props.wide === true }}
      viewBox={`0 0 ${Math.max(across(), ACROSS) * STEP} ${down() * STEP}`}
      role="img"
      aria-label={`Ready actors in ${props.partitions.length} partitions: at most ${Math.max(0, ...props.partitions.map(readyIn))} in one.`}
    >
      <For each={props.partitions}>
        {(partition, index) => (
          <rect
            class={`h${shade(readyIn(partition))}`}
            x={(index() % across()) * STEP}
            y={Math.floor(index() / across()) * STEP}
            width={SIZE}
            height={SIZE}
          />
        )}
      </For>
    </svg>
  )
}
