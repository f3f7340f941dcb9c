/**
 * The waterfall: rows nest by cause and share one time axis on which waits are folded. Above it the same life to scale. What is still
 * to come is dashed. Positions are SVG attributes in percent, so that the page's policy needs no inline style.
 */
import { createMemo, For, Show } from 'solid-js'
import { since, span } from '../../../format/time.ts'
import { type Label, momentLabels, waitLabels } from './labels.ts'
import type { Scale } from './scale.ts'
import { flatten, type Row } from './tree.ts'
import { doneBy, isDelivered, Mark, stateOf, Words } from './words.tsx'

interface View {
  rows: Row[]
  scale: Scale
  /** ms since the payment was accepted; null once nothing is to come. */
  nowMs: number | null
  selected: string | null
  hosts: (endpointId: string) => string
}

/** The narrowest bar that can still be seen, percent. */
const MIN_WIDTH = 0.5

export function Waterfall(props: View) {
  const hot = createMemo(() => {
    const keys = new Set<string>()
    const selected = flatten(props.rows).find(({ key }) => key === props.selected)
    for (let row: Row | null = selected ?? null; row; row = row.parent) keys.add(row.key)
    return keys
  })
  return (
    <>
      <Life {...props} />
      <div class="wf">
        <div class="wf-row wf-top">
          <span class="wf-what label">What</span>
          <span class="wf-by label">Who</span>
          <span class="wf-at label">When</span>
          <Axis scale={props.scale} nowMs={props.nowMs} />
          <span class="wf-dur label">Took</span>
        </div>
        <ol class="wf-tree">
          <For each={props.rows}>{(row) => <Branch {...props} row={row} hot={hot()} />}</For>
        </ol>
      </div>
    </>
  )
}

function Branch(props: View & { row: Row; hot: Set<string> }) {
  return (
    <li classList={{ 'is-hot': props.hot.has(props.row.key) }}>
      <a
        class="wf-row"
        href={`#${props.row.key}`}
        attr:noscroll=""
        aria-current={props.selected === props.row.key ? 'true' : undefined}
      >
        <span class="wf-what">
          <Mark row={props.row} />
          <span class="wf-word">
            <Words row={props.row} />
          </span>
        </span>
        <span class="wf-by mono faint">{doneBy(props.row, props.hosts)}</span>
        <span class="wf-at mono num faint">{since(props.row.startMs)}</span>
        <Track row={props.row} scale={props.scale} nowMs={props.nowMs} />
        <span class="wf-dur mono num">
          <Show
            when={props.row.kind !== 'due'}
            fallback={
              props.nowMs !== null &&
              (props.row.startMs > props.nowMs ? `in ${span(props.row.startMs - props.nowMs)}` : 'now')
            }
          >
            {props.row.tookMs === null ? '' : span(props.row.tookMs)}
          </Show>
        </span>
      </a>
      <Show when={props.row.children.length > 0}>
        <ol>
          <For each={props.row.children}>{(row) => <Branch {...props} row={row} />}</For>
        </ol>
      </Show>
    </li>
  )
}

function Folds(props: { scale: Scale; nowMs: number | null }) {
  return (
    <>
      <For each={props.scale.folds}>
        {({ x, width }) => <rect class="fold" x={`${x}%`} width={`${width}%`} height="100%" fill="url(#hatch)" />}
      </For>
      <Show when={props.nowMs !== null && `${props.scale.at(props.nowMs)}%`}>
        {(x) => <line class="now" x1={x()} x2={x()} y1="0" y2="100%" />}
      </Show>
    </>
  )
}

function Track(props: { row: Row; scale: Scale; nowMs: number | null }) {
  const x = () => props.scale.at(props.row.startMs)
  const width = () => Math.max(MIN_WIDTH, props.scale.at(props.row.endMs) - x())
  const isTurn = () => props.row.kind === 'message'
  return (
    <svg class="wf-track" aria-hidden="true">
      <Folds scale={props.scale} nowMs={props.nowMs} />
      <Show
        when={props.row.tookMs !== null || props.row.kind === 'due' || props.row.kind === 'accepted'}
        fallback={
          <svg x={`${x()}%`} y="50%" overflow="visible" aria-hidden="true">
            <path class={fillOf(props.row)} d="M-4 0 0-4 4 0 0 4z" />
          </svg>
        }
      >
        <rect
          class={fillOf(props.row)}
          x={`${x()}%`}
          y={isTurn() ? 9 : 11}
          width={`${width()}%`}
          height={isTurn() ? 10 : 6}
        />
      </Show>
    </svg>
  )
}

/** What a bar or a moment is filled with. */
function fillOf(row: Row): string {
  if (row.kind === 'accepted') return 'bar-api'
  if (row.kind === 'due') return 'bar-next'
  if (row.kind === 'message') return 'bar-turn'
  if (row.kind === 'webhook') return isDelivered(row.detail) ? 'f-good' : 'bar-bad'
  if (row.kind === 'attempt') return row.name === 'intent' ? 'f-soft' : 'f-ink'
  if (row.kind === 'timer') return 'f-ink'
  const fills: Record<string, string> = {
    success: 'f-good',
    captured: 'f-good',
    processed: 'f-good',
    failed: 'f-bad',
    pending: 'f-wait',
  }
  return fills[stateOf(row) ?? ''] ?? 'f-soft'
}

function Axis(props: { scale: Scale; nowMs: number | null }) {
  return (
    <svg class="wf-track wf-axis" aria-hidden="true">
      <Folds scale={props.scale} nowMs={null} />
      <For each={momentLabels(props.scale)}>{(label) => <AxisLabel {...label} y={12} />}</For>
      <For each={waitLabels(props.scale)}>{(label) => <AxisLabel {...label} y={26} />}</For>
    </svg>
  )
}

function AxisLabel(props: Label & { y: number }) {
  return (
    <text class={props.x === 0 ? undefined : 'wide'} x={`${props.x}%`} y={props.y} text-anchor={props.anchor}>
      {props.words}
    </text>
  )
}

/** The whole life to scale: where the work was, and how much of it was waiting. */
function Life(props: View) {
  const endMs = () => Math.max(1, props.scale.endMs, props.nowMs ?? 0)
  const rows = createMemo(() => flatten(props.rows).filter(({ tookMs, kind }) => tookMs !== null || kind === 'due'))
  const at = (ms: number) => `${(99 * ms) / endMs()}%`
  return (
    <div class="life">
      <span>0</span>
      <svg
        role="img"
        aria-label={`The whole life to scale, ${span(endMs())}: work where the marks are, waiting between them.`}
      >
        <line class="grid" x1="0" x2="100%" y1="50%" y2="50%" />
        <For each={rows()}>
          {(row) => (
            <rect
              class={row.kind === 'message' ? 'f-ink' : fillOf(row)}
              x={at(row.startMs)}
              y="3"
              width={`${Math.max(MIN_WIDTH, (99 * (row.endMs - row.startMs)) / endMs())}%`}
              height="10"
            />
          )}
        </For>
        <Show when={props.nowMs !== null && at(props.nowMs)}>
          {(x) => <line class="now" x1={x()} x2={x()} y1="0" y2="100%" />}
        </Show>
      </svg>
      <span class="num">{span(endMs())}</span>
    </div>
  )
}
