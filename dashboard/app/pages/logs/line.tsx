/** One line of the log. */
import { A } from '@solidjs/router'
import { Show } from 'solid-js'
import type { Level, LogLine } from '../../data/logs.ts'
import { preciseClock } from '../../format/time.ts'

const STATES: Record<Level, string> = { debug: 'none', info: 'none', warn: 'pending', error: 'failed' }

export function Line(props: { line: LogLine }) {
  const words = () =>
    Object.entries(props.line.fields)
      .filter(([name]) => name !== 'role' && name !== 'request_id')
      .map(([name, value]) => `${name}=${typeof value === 'object' && value !== null ? brief(value) : String(value)}`)
      .join(' ')
  const payment = () => /pay_[A-Za-z0-9]{16}/.exec(JSON.stringify(props.line.fields))?.[0]
  const requestId = () => props.line.fields.request_id
  return (
    <li data-state={STATES[props.line.level]}>
      <time class="faint" datetime={props.line.at}>
        {preciseClock(props.line.at)}
      </time>
      <span class="log-level">{props.line.level}</span>
      <span class="faint">{props.line.process}</span>
      <b>{props.line.message}</b>
      <span class="soft">
        {words()}{' '}
        <Show when={requestId()}>
          {(id) => (
            <A class="link" href={`/dashboard/logs?q=${encodeURIComponent(String(id()))}`}>
              {String(id())}
            </A>
          )}
        </Show>{' '}
        <Show when={payment()}>
          {(id) => (
            <A class="link" href={`/dashboard/transactions/${id()}`}>
              payment
            </A>
          )}
        </Show>
      </span>
    </li>
  )
}

/** Of an error its message; anything else as JSON. */
function brief(value: object): string {
  return 'message' in value ? JSON.stringify(value.message) : JSON.stringify(value)
}
