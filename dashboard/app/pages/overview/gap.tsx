/** The truth gap: who is owed a turn by Postgres and unknown to Redis. Zero, but after a flush; then one watches it fall to zero. */
import { createEffect, createSignal, Show } from 'solid-js'
import type { Runtime } from '../../data/runtime.ts'
import { count } from '../../format/number.ts'
import { span } from '../../format/time.ts'
import { Badge } from '../../kit/badge.tsx'
import { Curves } from '../../kit/plot.tsx'

/** Looks that the little curve shows; one a second. */
const KEPT = 300

export function TruthGap(props: { runtime: Runtime }) {
  const [history, setHistory] = createSignal<number[]>([])
  createEffect(() => {
    const { unknown } = props.runtime.truth_gap
    // A look a run of this effect: the runtime is read once a second.
    void props.runtime.counters.turns
    setHistory((before) => [...before, unknown].slice(-KEPT))
  })
  const known = () => {
    const { ready, running, scheduled, resting, parked } = props.runtime
    return ready + running + scheduled + resting + parked
  }
  const gap = () => props.runtime.truth_gap
  const owed = () => known() + gap().unknown
  const share = (n: number) => `${(100 * n) / Math.max(1, owed())}%`
  const highest = () => Math.max(1, ...history())
  return (
    <section class="cell">
      <div class="cell-head">
        <h2>Truth gap</h2>
        <span class="note">who is owed a turn, Postgres against Redis</span>
      </div>
      <ul class="gap num">
        <li>
          <span>Postgres knows</span>
          <b>{count(owed())}</b>
          <svg class="gap-bar" aria-hidden="true">
            <rect class="f-soft" width={owed() > 0 ? '100%' : '0'} height="10" />
          </svg>
        </li>
        <li>
          <span>Redis knows</span>
          <b>{count(known())}</b>
          <svg class="gap-bar" aria-hidden="true">
            <rect class="f-ink" width={share(known())} height="10" />
          </svg>
        </li>
        <li>
          <span>Overdue and unknown</span>
          <b class="sum" data-test-id="truth-gap">
            {gap().more ? 'more than ' : ''}
            {count(gap().unknown)}
          </b>
          <Show when={gap().unknown > 0} fallback={<Badge state="holds">nothing to repair</Badge>}>
            <Badge state="overdue">the sweep rings them, the oldest after {span(gap().oldest_ms)}</Badge>
          </Show>
        </li>
      </ul>
      <div class="gap-story">
        <svg
          class="plot-svg"
          role="img"
          aria-label={`The gap while you watch: ${count(gap().unknown)} now, ${count(Math.max(0, ...history()))} at most.`}
        >
          <line class="grid" x1="0" x2="100%" y1="99%" y2="99%" />
          <Curves lines={[{ name: 'gap', look: 'bad', values: history() }]} top={highest()} />
        </svg>
      </div>
      <p class="note num">
        Since this Redis was emptied last, {count(props.runtime.counters.healed)} were found again.
      </p>
    </section>
  )
}
