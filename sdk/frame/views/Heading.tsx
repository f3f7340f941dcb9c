/** The title of a screen that took another's place. It takes the focus, so that whoever listens hears where they are. */
import { type JSX, onMount, Show } from 'solid-js'
import { useCheckout } from './context.ts'

export function Heading(props: { children: JSX.Element; id?: string; testId?: string }) {
  const checkout = useCheckout()
  let heading: HTMLHeadingElement | undefined
  onMount(() => heading?.focus())
  return (
    <Show
      when={checkout.session()}
      // Without an order above it this is the page's first heading.
      fallback={
        <h1 ref={heading} class="title" tabindex="-1">
          {props.children}
        </h1>
      }
    >
      <h2 ref={heading} class="title" id={props.id} data-test-id={props.testId} tabindex="-1">
        {props.children}
      </h2>
    </Show>
  )
}
