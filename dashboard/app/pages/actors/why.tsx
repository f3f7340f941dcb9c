/** Why an actor does not move, in one row. */
import { A } from '@solidjs/router'
import { Show } from 'solid-js'
import { type Actor, idOf, placeOf } from '../../data/runtime.ts'
import { span } from '../../format/time.ts'
import { Glyph } from '../../kit/icon.tsx'

export function Why(props: { actor: Actor }) {
  const place = () => placeOf(props.actor)
  const id = () => idOf(props.actor.address)
  const overdue = () => props.actor.postgres.overdue_ms
  return (
    <li data-state={place()}>
      <A class="row-link" href={`/dashboard/actors/${encodeURIComponent(id())}`}>
        <span class="why-g">
          <Glyph state={place()} />
        </span>
        <span class="mono">{id()}</span>
        <span class="why-text">
          <Sentence text={props.actor.sentence} />
        </span>
        <span class="num faint">{overdue() === null ? '' : span(overdue() ?? 0)}</span>
      </A>
      <Show when={place() === 'parked' || place() === 'overdue'}>
        <A class="btn" href={`/dashboard/actors/${encodeURIComponent(id())}`}>
          {place() === 'parked' ? 'Unpark…' : 'Nudge…'}
        </A>
      </Show>
    </li>
  )
}

/** The API's sentence with its first word, the reason, in bold. */
export function Sentence(props: { text: string }) {
  const parts = () => /^(\S+?)([,\s].*)?$/s.exec(props.text) ?? [props.text, props.text, '']
  const first = () => `${(parts()[1] ?? '').slice(0, 1).toUpperCase()}${(parts()[1] ?? '').slice(1)}`
  return (
    <>
      <b>{first()}</b>
      {parts()[2]}.
    </>
  )
}
