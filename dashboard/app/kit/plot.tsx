/**
 * Lines over time, as SVG: its inks are the page's own, so a change of theme, forced colours and paper need no second drawing. Lines
 * differ by dash as well as colour, and the latest value stands in the legend, so nobody has to hover.
 */
import { createMemo, For, Show } from 'solid-js'
import { day as dayOf, hourAndMinute } from '../format/time.ts'

export interface Line {
  name: string
  look: 'ink' | 'good' | 'soft' | 'bad'
  /** Oldest first, in equal steps; null where there was nothing to measure. */
  values: readonly (number | null)[]
  /** Filled down to zero. */
  area?: boolean
}

/** Something that happened and may explain a bend. */
export interface PlotMark {
  atMs: number
  words: string
}

export interface PlotProps {
  /** What the lines say, in a sentence, for who does not see them. */
  label: string
  lines: Line[]
  fromMs: number
  toMs: number
  /** A value as the axis writes it. */
  axis: (value: number) => string
  marks?: PlotMark[]
}

const WIDTH = 600
const HEIGHT = 100
const X_LABELS = 5
const DAY_MS = 86_400_000

export function Plot(props: PlotProps) {
  const top = createMemo(() =>
    niceTop(Math.max(0, ...props.lines.flatMap(({ values }) => values.map((value) => value ?? 0)))),
  )
  const times = createMemo(() =>
    Array.from({ length: X_LABELS }, (_, i) => props.fromMs + ((props.toMs - props.fromMs) * i) / (X_LABELS - 1)),
  )
  const time = (ms: number) =>
    props.toMs - props.fromMs > DAY_MS ? dayOf(ms).replace(/,? \d{4}$/, '') : hourAndMinute(ms)
  const place = (ms: number) => `${(100 * (ms - props.fromMs)) / (props.toMs - props.fromMs)}%`
  return (
    <div class="plot">
      <svg class="plot-svg" role="img" aria-label={props.label}>
        <line class="grid" x1="0" x2="100%" y1="100%" y2="100%" />
        <line class="grid" x1="0" x2="100%" y1="50%" y2="50%" />
        <line class="grid" x1="0" x2="100%" y1="0%" y2="0%" />
        <For each={props.marks}>
          {(mark) => (
            <>
              <line class="mark" x1={place(mark.atMs)} x2={place(mark.atMs)} y1="0" y2="100%" />
              <text class="mark-word" x={place(mark.atMs)} dx="-5" y="10" text-anchor="end">
                {mark.words}
              </text>
            </>
          )}
        </For>
        <Curves lines={props.lines} top={top()} />
      </svg>
      <ol class="plot-y num" aria-hidden="true">
        <li>{props.axis(top())}</li>
        <li>{props.axis(top() / 2)}</li>
        <li>0</li>
      </ol>
      <ol class="plot-x num" aria-hidden="true">
        <For each={times()}>{(ms) => <li>{time(ms)}</li>}</For>
      </ol>
    </div>
  )
}

/** The lines alone, stretched to whatever holds them; the words around them are not. */
export function Curves(props: { lines: Line[]; top: number }) {
  return (
    <svg
      width="100%"
      height="100%"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      overflow="visible"
      aria-hidden="true"
    >
      <For each={props.lines}>
        {(line) => {
          const path = () => pathOf(line.values, props.top)
          return (
            <>
              <Show when={line.area && line.values.every((value) => value !== null)}>
                <path class="area" d={`${path()}V${HEIGHT}H0z`} />
              </Show>
              <path class={`line is-${line.look}`} d={path()} />
            </>
          )
        }}
      </For>
    </svg>
  )
}

export function Legend(props: { lines: { name: string; look: Line['look']; latest: string }[] }) {
  return (
    <ul class="legend num">
      <For each={props.lines}>
        {({ name, look, latest }) => (
          <li>
            <span class={`key line-${look}`} />
            {name} <b>{latest}</b>
          </li>
        )}
      </For>
    </ul>
  )
}

function pathOf(values: readonly (number | null)[], top: number): string {
  const step = WIDTH / Math.max(1, values.length - 1)
  let pen = 'M'
  let path = ''
  values.forEach((value, i) => {
    if (value === null) {
      pen = 'M'
      return
    }
    path += `${pen}${(i * step).toFixed(1)} ${(HEIGHT - (HEIGHT * value) / top).toFixed(1)}`
    // A measured step between two that were not is a point, and a path of one point shows nothing.
    if (pen === 'M' && (values[i + 1] ?? null) === null) path += 'h.1'
    pen = 'L'
  })
  return path
}

/** A round number at or above the highest value: 1, 2, 4 or 5 times a power of ten. */
export function niceTop(highest: number): number {
  if (highest <= 0) return 1
  const power = 10 ** Math.floor(Math.log10(highest))
  const round = [1, 2, 4, 5, 10].find((factor) => factor * power >= highest) ?? 10
  return round * power
}
