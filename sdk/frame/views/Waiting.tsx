/** While the bank decides: how long about, where the payment is, and that nobody has to stay. */
import { For, Show } from 'solid-js'
import type { Payment } from '../answers.ts'
import { useCheckout } from './context.ts'
import { Heading } from './Heading.tsx'
import { Glyph } from './Icon.tsx'
import { createNow, secondsTo } from './now.ts'

/** When the shopper is told that it takes longer than usual. */
const SLOW_MS = 30_000

export function Waiting(props: { payment: Payment }) {
  const checkout = useCheckout()
  const { words } = checkout
  const now = createNow()
  const startedMs = performance.now()
  const seconds = () => secondsTo(props.payment.expectedAtMs ?? 0, now())
  const text = () => {
    if (now() - startedMs > SLOW_MS && seconds() === 0) return words.slow
    return (props.payment.method === 'upi' ? words.waitingUpi : words.waitingCard)(checkout.amount())
  }
  return (
    <div class="co-body">
      <section class="end" data-test-id="processing-state" aria-labelledby="wait-title">
        <Ring seconds={seconds()} share={secondsTo(props.payment.expectedAtMs ?? 0, startedMs)} />
        <Heading id="wait-title" testId="processing-message">
          {words.waiting}
        </Heading>
        <p>{text()}</p>
        <Show when={props.payment.upi_link}>
          {(link) => (
            <a class="link" href={link()}>
              {words.openAppAgain}
            </a>
          )}
        </Show>
        <Trail stage={props.payment.stage} />
        <Show when={!checkout.connected()}>
          <p class="note" data-state="pending" role="status">
            <Glyph name="back" />
            <span>{words.away}</span>
          </p>
        </Show>
      </section>
    </div>
  )
}

/** `share`: the seconds that make a whole round. Nobody knows how long: no number, and the half disc says that somebody is at it. */
function Ring(props: { seconds: number; share: number }) {
  const { words } = useCheckout()
  return (
    <div class="ring num" role="timer" aria-label={props.seconds > 0 ? words.about(props.seconds) : words.waiting}>
      <svg viewBox="0 0 96 96" aria-hidden="true">
        <circle cx="48" cy="48" r="44" />
        <Show when={props.share > 0}>
          <circle
            class="arc"
            cx="48"
            cy="48"
            r="44"
            pathLength="100"
            stroke-dasharray="100"
            stroke-dashoffset={100 * (1 - props.seconds / props.share)}
          />
        </Show>
      </svg>
      <Show when={props.seconds > 0} fallback={<Glyph name="turn" class="ring-busy" />}>
        <span aria-hidden="true">
          {props.seconds} <small>s</small>
        </span>
      </Show>
    </div>
  )
}

function Trail(props: { stage: Payment['stage'] }) {
  const { words } = useCheckout()
  /** The step that is being worked on. */
  const current = () => (props.stage === 'accepted' ? 1 : 2)
  const state = (step: number) => (step < current() ? 'success' : step === current() ? 'in turn' : 'none')
  const glyph = { success: 'done', 'in turn': 'turn', none: 'quiet' } as const
  return (
    <ol class="trail">
      <For each={words.stages}>
        {(stage, step) => (
          <li data-state={state(step())} aria-current={step() === current() ? 'step' : undefined}>
            <Glyph name={glyph[state(step())]} />
            <span>{stage}</span>
          </li>
        )}
      </For>
    </ol>
  )
}
