/** The title of a screen that took another's place. It takes the focus, so that whoever listens hears where they are. */
import { type JSX, onMount } from 'solid-js'

export function Heading(props: { children: JSX.Element; id?: string; testId?: string }) {
  let heading: HTMLHeadingElement | undefined
  onMount(() => heading?.focus())
  return (
    <h2 ref={heading} id={props.id} data-test-id={props.testId} tabindex="-1">
      {props.children}
    </h2>
  )
}
