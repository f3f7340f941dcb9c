/** What stands where no data is: nothing yet, not yet, or not to be had. Each says what to do next. */
import { For, type JSX, type ParentProps, Show } from 'solid-js'
import { ApiError } from '../data/api.ts'
import { heardAt } from '../data/live.ts'
import { clock } from '../format/time.ts'
import { Glyph, Icon, type IconName } from './icon.tsx'

export function Empty(props: ParentProps<{ icon: IconName; title: string; acts?: JSX.Element }>) {
  return (
    <div class="empty">
      <Icon name={props.icon} />
      <p class="empty-title">{props.title}</p>
      {props.children}
      <Show when={props.acts}>
        <div class="acts">{props.acts}</div>
      </Show>
    </div>
  )
}

/** Rows of the size of what comes; they stand still, and appear only when it takes a moment. */
export function Skeleton(props: { what: string; rows?: number }) {
  return (
    <>
      <ul class="rows skeleton" aria-hidden="true">
        <For each={Array.from({ length: props.rows ?? 6 })}>
          {() => (
            <li>
              <i />
              <i />
              <i />
            </li>
          )}
        </For>
      </ul>
      <p class="off" role="status">
        Loading {props.what}
      </p>
    </>
  )
}

/** `what` begins the sentence: "The list could not be read." */
export function Failure(props: { what: string; error: unknown; retry?: () => void }) {
  return (
    <p class="verdict" role="alert" data-state="failed">
      <Glyph state="failed" />
      <span>
        <b>{props.what}</b> {wordsOf(props.error)}{' '}
        <Show when={props.retry}>
          <button class="link" type="button" onClick={() => props.retry?.()}>
            Try again
          </button>
        </Show>
      </span>
    </p>
  )
}

/** Stands on the page while its data is not fresh: what the numbers are worth, and what is being done about it. */
export function Stale(props: { trouble: ApiError | null }) {
  return (
    <Show when={props.trouble}>
      {(trouble) => (
        <div class="cell stale">
          <p class="verdict" role="status" data-state="pending">
            <Glyph state="pending" />
            <span>
              <b>Not live.</b> <Show when={heardAt()}>{(at) => <>Figures are from {clock(at())}. </>}</Show>
              {trouble().message} Trying again.
            </span>
          </p>
        </div>
      )}
    </Show>
  )
}

export function wordsOf(error: unknown): string {
  if (error instanceof ApiError) return error.message
  return error instanceof Error ? error.message : String(error)
}
