/** The attempts of a delivery: those made, and those that may follow. */
import { For, Show } from 'solid-js'
import type { WebhookAttempt, WebhookDetails } from '../../data/types.ts'
import { clock, dueIn } from '../../format/time.ts'
import { Badge } from '../../kit/badge.tsx'

export function stateOf({ response_code: code }: WebhookAttempt): string {
  return code !== null && code >= 200 && code < 300 ? 'success' : 'failed'
}

/** The attempts that may follow: the next with its time, the others by number. */
export function ToCome(props: { delivery: WebhookDetails; now: number }) {
  const next = () => props.delivery.attempts + 1
  const later = () => {
    const left = props.delivery.max_attempts - next()
    return props.delivery.status === 'pending'
      ? Array.from({ length: Math.max(0, left) }, (_, n) => next() + 1 + n)
      : []
  }
  return (
    <>
      <Show when={props.delivery.next_retry_at}>
        {(at) => (
          <li>
            <span class="row-link">
              <Badge state="pending">{next()}, due</Badge>
              <span class="num soft">{dueIn(at(), props.now)}</span>
              <time class="num mono faint" datetime={at()}>
                {clock(at())}
              </time>
            </span>
          </li>
        )}
      </Show>
      <For each={later()}>
        {(number) => (
          <li class="is-next">
            <span class="row-link">
              <Badge state="none">
                {number}
                {number === props.delivery.max_attempts ? ', the last' : ''}
              </Badge>
            </span>
          </li>
        )}
      </For>
    </>
  )
}
