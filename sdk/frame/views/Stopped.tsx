/** Why there is no paying here, and the one thing that helps. */
import { Show } from 'solid-js'
import type { StateGlyph } from '../../../web/icons.ts'
import type { Stop } from '../screens.ts'
import { useCheckout } from './context.ts'
import { Heading } from './Heading.tsx'
import { Glyph } from './Icon.tsx'

/** What helps: opening anew, going back to the form, or nothing here. */
const REMEDY: Record<Stop, 'open' | 'form' | null> = {
  paid: null,
  busy: 'form',
  expired: 'open',
  offline: 'open',
  unavailable: 'open',
  lost: 'form',
  undecided: null,
  unknown: null,
  refused: null,
}

const LOOK: Record<Stop, { state: string; glyph: StateGlyph }> = {
  paid: { state: 'success', glyph: 'done' },
  busy: { state: 'pending', glyph: 'waits' },
  expired: { state: 'pending', glyph: 'waits' },
  offline: { state: 'pending', glyph: 'back' },
  unavailable: { state: 'pending', glyph: 'back' },
  lost: { state: 'pending', glyph: 'back' },
  undecided: { state: 'pending', glyph: 'waits' },
  unknown: { state: 'failed', glyph: 'wrong' },
  refused: { state: 'failed', glyph: 'wrong' },
}

export function Stopped(props: { why: Stop }) {
  const checkout = useCheckout()
  const { words, options } = checkout
  const remedy = () => REMEDY[props.why]
  const help = () => (remedy() === 'form' ? checkout.retry() : void checkout.open())
  const canLeave = () => options.embedded || checkout.returnAddress() !== undefined
  return (
    <div class="co-body">
      <section class="end" data-test-id="error-state" data-state={LOOK[props.why].state} data-stop={props.why}>
        <Glyph name={LOOK[props.why].glyph} class="settle" />
        <Heading>{words.stops[props.why][0]}</Heading>
        <p data-test-id="error-message" role="alert">
          {words.stops[props.why][1]}
        </p>
        <div class="co-acts">
          <Show when={remedy()}>
            <button class="btn primary pay" type="button" onClick={help} data-test-id="retry-button">
              {props.why === 'expired' ? words.restart : words.again}
            </button>
          </Show>
          <Show when={canLeave()}>
            <button class="btn pay" type="button" onClick={() => checkout.leave()}>
              {options.embedded ? words.close : words.back(checkout.merchant())}
            </button>
          </Show>
        </div>
      </section>
    </div>
  )
}
