/** The page: the sum on top, what can be done about it in the middle, the promise at the foot. */
import { Match, onCleanup, onMount, Show, Switch } from 'solid-js'
import type { Checkout } from '../checkout.ts'
import type { Screen } from '../screens.ts'
import { CheckoutContext } from './context.ts'
import { Failed } from './Failed.tsx'
import { Icon } from './Icon.tsx'
import { Leave } from './Leave.tsx'
import { Loading } from './Loading.tsx'
import { Methods } from './Methods.tsx'
import { Paid } from './Paid.tsx'
import { Stopped } from './Stopped.tsx'
import { Summary } from './Summary.tsx'
import { Waiting } from './Waiting.tsx'

export function App(props: { checkout: Checkout }) {
  const { words, options } = props.checkout
  const shown = <Name extends Screen['name']>(name: Name) => {
    const screen = props.checkout.screen()
    return screen.name === name ? (screen as Extract<Screen, { name: Name }>) : undefined
  }
  const onKey = (event: KeyboardEvent) => {
    // The dialog that asks takes its own Escape.
    if (event.key !== 'Escape' || !options.embedded || props.checkout.asking()) return
    // Else this same key would close the dialog that it has just opened.
    event.preventDefault()
    props.checkout.requestClose()
  }
  onMount(() => addEventListener('keydown', onKey))
  onCleanup(() => removeEventListener('keydown', onKey))
  return (
    <CheckoutContext.Provider value={props.checkout}>
      <main class="co" data-test-id="checkout-container">
        <Show when={props.checkout.session()}>
          <Summary />
        </Show>
        <Switch>
          <Match when={shown('loading')}>
            <Loading />
          </Match>
          <Match when={shown('form')}>
            <Methods />
          </Match>
          <Match when={shown('waiting')}>{(screen) => <Waiting payment={screen().payment} />}</Match>
          <Match when={shown('paid')}>{(screen) => <Paid payment={screen().payment} />}</Match>
          <Match when={shown('failed')}>{(screen) => <Failed payment={screen().payment} />}</Match>
          <Match when={shown('stopped')}>{(screen) => <Stopped why={screen().why} />}</Match>
        </Switch>
        <footer class="foot">
          <Icon name="lock" />
          <span>{words.secure}</span>
          <Show when={props.checkout.session()?.merchant.test}>
            <span class="tag">{words.test}</span>
          </Show>
        </footer>
        <p class="off" role="status" aria-live="polite">
          {props.checkout.said()}
        </p>
        <Show when={props.checkout.asking()}>
          <Leave />
        </Show>
      </main>
    </CheckoutContext.Provider>
  )
}
