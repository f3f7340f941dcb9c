/** The invariants, ticking, and how payments settle meanwhile. */
import { createEffect, createSignal, For, on, Show } from 'solid-js'
import type { Checked } from '../../data/chaos.ts'
import { onEvent } from '../../data/live.ts'
import { count, rate } from '../../format/number.ts'
import { span } from '../../format/time.ts'
import { Glyph } from '../../kit/icon.tsx'
import { Curves, niceTop } from '../../kit/plot.tsx'
import { stories } from './stories.ts'

/** Seconds of the curve. */
const SHOWN = 360

export function Promises(props: { checked: Checked; now: number }) {
  const [checks, setChecks] = createSignal(0)
  const [failures, setFailures] = createSignal(0)
  createEffect(
    on(
      () => props.checked.checked_at,
      () => {
        setChecks((n) => n + props.checked.invariants.length)
        setFailures((n) => n + broken().length)
      },
    ),
  )
  const broken = () => props.checked.invariants.filter(({ holds }) => !holds)
  return (
    <section class="cell" aria-labelledby="invariants">
      <div class="cell-head">
        <h2 id="invariants">Invariants</h2>
        <span class="note num">
          over the last day, last checked {span(Math.max(0, props.now - Date.parse(props.checked.checked_at)))} ago
        </span>
      </div>
      <ul class="rows invariants num">
        <For each={props.checked.invariants}>
          {(invariant) => (
            <li data-state={invariant.holds ? 'holds' : 'broken'} data-test-id="invariant">
              <Glyph state={invariant.holds ? 'holds' : 'broken'} />
              <span>{invariant.name}</span>
              <span class="mono">
                {count(invariant.broken)} of {count(invariant.of)}
              </span>
            </li>
          )}
        </For>
      </ul>
      <div class="verdict" data-state={broken().length === 0 ? 'holds' : 'broken'} data-test-id="invariants-verdict">
        <b>{broken().length === 0 ? `All ${props.checked.invariants.length} hold` : `${broken().length} broken`}</b>
        <span class="num soft">
          {count(checks())} checks on this page, {failures() === 0 ? 'none failed' : `${count(failures())} failed`}
        </span>
      </div>
      <Settled now={props.now} />
    </section>
  )
}

/** Payments decided a second, while the page is open, with the faults marked. */
function Settled(props: { now: number }) {
  const [seconds, setSeconds] = createSignal<number[]>([])
  const began = Date.now()
  let settled = 0
  onEvent(({ type }) => {
    if (type === 'payment.success' || type === 'payment.failed') settled++
  })
  createEffect(
    on(
      () => Math.floor(props.now / 1_000),
      () => {
        setSeconds((before) => [...before, settled].slice(-SHOWN))
        settled = 0
      },
      { defer: true },
    ),
  )
  const fromMs = () => Math.max(began, props.now - seconds().length * 1_000)
  const place = (ms: number) => `${(100 * (ms - fromMs())) / Math.max(1_000, props.now - fromMs())}%`
  const marks = () => stories.filter(({ atMs }) => atMs > fromMs())
  return (
    <>
      <div class="cell-head gap-top">
        <h2>Settled meanwhile</h2>
        <ul class="legend num">
          <li>
            <span class="key" />
            payments/s, now <b>{rate(seconds().at(-1) ?? 0)}</b>
          </li>
        </ul>
      </div>
      <div class="mini-plot">
        <svg
          class="plot-svg"
          role="img"
          aria-label={`Payments settled a second while you watch; ${seconds().at(-1) ?? 0} in the last one.`}
        >
          <line class="grid" x1="0" x2="100%" y1="100%" y2="100%" />
          <For each={marks()}>
            {(story) => <line class="mark" x1={place(story.atMs)} x2={place(story.atMs)} y1="0" y2="100%" />}
          </For>
          <Show when={seconds().length > 1}>
            <Curves
              lines={[{ name: 'settled', look: 'ink', values: seconds() }]}
              top={niceTop(Math.max(...seconds()))}
            />
          </Show>
        </svg>
      </div>
    </>
  )
}
