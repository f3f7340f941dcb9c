/**
 * What every page opens with: where one is, one computed sentence that answers the page's first question, and what can be done.
 * The bold part of the sentence alone must suffice.
 */
import { createEffect, type JSX, onCleanup, Show } from 'solid-js'
import { Glyph } from './icon.tsx'

export interface HeadProps {
  /** Of the window, and the heading unless `heading` says more. */
  title: string
  heading?: JSX.Element
  /** Beside the heading: states, links. */
  tags?: JSX.Element
  /** The answer's state; none for an answer that is no news. */
  state?: string | undefined
  answer: JSX.Element
  acts?: JSX.Element
}

const PRODUCT = 'Async Payment Gateway'

export function Head(props: HeadProps) {
  createEffect(() => {
    document.title = `${props.title} · ${PRODUCT}`
  })
  onCleanup(() => {
    document.title = PRODUCT
  })
  return (
    <header class="head">
      <div class="head-text">
        <div class="title">
          <h1>{props.heading ?? props.title}</h1>
          <Show when={props.tags}>
            <span class="tags">{props.tags}</span>
          </Show>
        </div>
        <p class="answer" data-state={props.state}>
          <Show when={props.state}>{(state) => <Glyph state={state()} />}</Show>
          <span>{props.answer}</span>
        </p>
      </div>
      <Show when={props.acts}>
        <div class="acts">{props.acts}</div>
      </Show>
    </header>
  )
}
