/** The selected row in full: what it was, when, what caused it and what it caused, and the API's own words behind it. */
import { For, type ParentProps, Show } from 'solid-js'
import { money } from '../../format/money.ts'
import { clock, preciseClock, span } from '../../format/time.ts'
import { Icon } from '../../kit/icon.tsx'
import type { Row } from './timeline/tree.ts'
import { Words } from './timeline/words.tsx'

/** Facts of a row that have a line of their own, or stand in another one. */
const TOLD = new Set(['worker', 'version', 'due_at', 'wait_ms', 'scheduled', 'status'])

export function Selected(props: { row: Row; zero: number; currency: string; onSelect: (row: Row) => void }) {
  const at = () => props.zero + props.row.startMs
  const facts = () => Object.entries(props.row.detail).filter(([name, value]) => !TOLD.has(name) && value !== null)
  return (
    <section class="cell">
      <div class="cell-head">
        <h2>Selected</h2>
        <Show when={props.row.parent}>
          {(parent) => (
            <button class="btn plain" type="button" onClick={() => props.onSelect(parent())}>
              <Icon name="up" />
              Cause
            </button>
          )}
        </Show>
      </div>
      <dl class="facts">
        <Fact name="What">
          <span>
            <Words row={props.row} />
          </span>
        </Fact>
        <Fact name={props.row.kind === 'due' ? 'Due' : 'At'}>
          <span class="num">
            +{(props.row.startMs / 1_000).toFixed(3)} s, {preciseClock(at())}
          </span>
        </Fact>
        <Show when={props.row.tookMs !== null && props.row.tookMs}>
          {(took) => <Fact name="Took">{span(took())}</Fact>}
        </Show>
        <Show when={props.row.detail.worker}>
          {(worker) => (
            <Fact name="Turn">
              <code>
                {String(worker())}, version {String(props.row.detail.version)}
              </code>
            </Fact>
          )}
        </Show>
        <Show when={props.row.kind !== 'due' && props.row.detail.due_at}>
          {(due) => <Fact name="Due at">{clock(String(due()))}</Fact>}
        </Show>
        <For each={facts()}>
          {([name, value]) => (
            <Fact name={name.replaceAll('_', ' ')}>
              <code>{readable(name, value, props.currency)}</code>
            </Fact>
          )}
        </For>
        <Show when={props.row.parent}>
          {(parent) => (
            <Fact name="Caused by">
              <RowLink row={parent()} onSelect={props.onSelect} />
            </Fact>
          )}
        </Show>
        <Show when={props.row.children.length > 0}>
          <Fact name="Caused">
            <span>
              <For each={props.row.children}>
                {(child, index) => (
                  <>
                    {index() > 0 ? '; ' : ''}
                    <RowLink row={child} onSelect={props.onSelect} />
                  </>
                )}
              </For>
            </span>
          </Fact>
        </Show>
      </dl>
    </section>
  )
}

/** A sum as people read it, anything else as it is. */
function readable(name: string, value: unknown, currency: string): string {
  if (name.includes('amount') && typeof value === 'number') return money(value, currency)
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function Fact(props: ParentProps<{ name: string }>) {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  )
}

function RowLink(props: { row: Row; onSelect: (row: Row) => void }) {
  return (
    <button class="link" type="button" onClick={() => props.onSelect(props.row)}>
      <Words row={props.row} />
    </button>
  )
}
