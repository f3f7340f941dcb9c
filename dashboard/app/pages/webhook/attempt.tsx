/** One attempt: where its time went, what was sent, what came back. */
import { For, Show } from 'solid-js'
import type { WebhookAttempt } from '../../data/types.ts'
import { preciseClock, span } from '../../format/time.ts'

/** The phases in their order, as the attempt log names them, and how the bar shows them. */
const PHASES: [name: string, word: string, fill: string][] = [
  ['queue', 'queue', 'hatched'],
  ['dns', 'DNS', 'f-soft'],
  ['connect', 'connect', 'bar-turn'],
  ['tls', 'TLS', 'f-soft'],
  ['wait', 'wait', 'hatched'],
  ['receive', 'body', 'f-ink'],
]
const MIN_WIDTH = 1

interface Phase {
  word: string
  fill: string
  ms: number
}

/** What is known of the phases; of an attempt that broke off early, its length. */
function phasesOf({ timings, duration_ms: total }: WebhookAttempt): Phase[] {
  const known = PHASES.flatMap(([name, word, fill]) => {
    const ms = timings?.[name]
    return typeof ms === 'number' ? [{ word, fill, ms }] : []
  })
  return known.length > 0 ? known : [{ word: 'total', fill: 'f-soft', ms: total }]
}

export function Attempt(props: { attempt: WebhookAttempt; number: number; url: string | null; payload: string }) {
  const phases = () => phasesOf(props.attempt)
  const url = () => (props.url && URL.canParse(props.url) ? new URL(props.url) : null)
  const started = () => Date.parse(props.attempt.at)
  return (
    <section class="cell">
      <div class="cell-head">
        <h2>Attempt {props.number}</h2>
        <span class="note num">
          {preciseClock(started())} to {preciseClock(started() + props.attempt.duration_ms)}
        </span>
      </div>
      <Phases phases={phases()} />
      <div class="wire">
        <div>
          <h3 id="request">Request</h3>
          <section class="code mono" tabindex="0" aria-labelledby="request">
            <b>POST {url() ? `${url()?.pathname}${url()?.search}` : '/'} HTTP/1.1</b>
            {`\n${headerLines(withHost(props.attempt.request_headers, url()?.host))}\n\n${props.payload}`}
          </section>
        </div>
        <div>
          <h3 id="response">Response</h3>
          <section class="code mono" tabindex="0" aria-labelledby="response">
            <Show
              when={props.attempt.response_code}
              fallback={<b class="is-bad">No answer: {props.attempt.error ?? 'the connection ended'}</b>}
            >
              {(code) => (
                <>
                  <b classList={{ 'is-bad': code() >= 300 }}>HTTP/1.1 {code()}</b>
                  {`\n${headerLines(props.attempt.response_headers ?? {})}\n\n${props.attempt.response_body ?? ''}`}
                </>
              )}
            </Show>
          </section>
          <Show when={props.attempt.response_code !== null && props.attempt.error}>
            {(error) => <p class="note">{error()}</p>}
          </Show>
        </div>
      </div>
    </section>
  )
}

function Phases(props: { phases: Phase[] }) {
  const total = () =>
    Math.max(
      1,
      props.phases.reduce((sum, { ms }) => sum + ms, 0),
    )
  const placed = () => {
    let x = 0
    return props.phases.map((phase) => {
      const width = Math.max(MIN_WIDTH, (phase.ms / total()) * (100 - MIN_WIDTH * props.phases.length))
      x += width
      return { ...phase, x: x - width, width }
    })
  }
  return (
    <div
      class="phases num"
      role="img"
      aria-label={`Phases: ${props.phases.map(({ word, ms }) => `${word} ${span(ms)}`).join(', ')}.`}
    >
      <svg aria-hidden="true">
        <For each={placed()}>
          {({ fill, x, width }) => (
            <Show
              when={fill === 'hatched'}
              fallback={<rect class={fill} x={`${x}%`} width={`${width}%`} height="10" />}
            >
              <rect x={`${x}%`} width={`${width}%`} height="10" fill="url(#hatch)" />
              <rect class="bar-frame" x={`${x}%`} width={`${width}%`} y=".5" height="9" />
            </Show>
          )}
        </For>
      </svg>
      <p aria-hidden="true">
        <For each={props.phases}>
          {({ word, ms }) => (
            <span>
              {word} <b>{span(ms)}</b>
            </span>
          )}
        </For>
      </p>
    </div>
  )
}

function withHost(headers: Record<string, string>, host: string | undefined): Record<string, string> {
  return host === undefined || 'host' in headers ? headers : { host, ...headers }
}

function headerLines(headers: Record<string, string>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n')
}
