/** A delivery's first sentence: why was it not delivered, or when. */
import { Match, Show, Switch } from 'solid-js'
import type { WebhookDetails } from '../../data/types.ts'
import { hostOf } from '../../data/webhooks.ts'
import { counted } from '../../format/number.ts'
import { dueIn, moment, span } from '../../format/time.ts'

export function DeliveryAnswer(props: { delivery: WebhookDetails; now: number }) {
  const host = () => hostOf(props.delivery.endpoint_url)
  const last = () => props.delivery.attempt_log.at(-1)
  const lastWords = () => {
    const attempt = last()
    if (!attempt) return ''
    const took = `after ${span(attempt.duration_ms)}`
    return attempt.response_code === null
      ? `did not answer: ${attempt.error ?? 'no reason given'}, ${took}`
      : `answered ${attempt.response_code} ${took}`
  }
  return (
    <Switch>
      <Match when={props.delivery.status === 'success' && last()}>
        {(attempt) => (
          <>
            <b>Delivered to {host()}</b> at {moment(attempt().at)}, in {span(attempt().duration_ms)}
            <Show when={props.delivery.attempts > 1}>, at the {ordinal(props.delivery.attempts)} try</Show>.
          </>
        )}
      </Match>
      <Match when={props.delivery.status === 'failed'}>
        <b>Given up after {counted(props.delivery.attempts, 'attempt')}.</b> {host()} {lastWords()}. Retry it once the
        receiver is well.
      </Match>
      <Match when={props.delivery.next_retry_at}>
        {(at) => (
          <>
            <b>
              Attempt {props.delivery.attempts + 1} of {props.delivery.max_attempts} is due {dueIn(at(), props.now)}.
            </b>{' '}
            <Show when={last()} fallback={<>It goes to {host()}.</>}>
              {host()} {lastWords()}.
            </Show>
          </>
        )}
      </Match>
      <Match when={props.delivery.status === 'pending'}>
        <b>On its way to {host()}.</b>
      </Match>
    </Switch>
  )
}

function ordinal(n: number): string {
  return ['first', 'second', 'third', 'fourth', 'fifth'][n - 1] ?? `${n}th`
}
