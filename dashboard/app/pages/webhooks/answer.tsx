/** The log's first sentence: do my receivers get their events? */
import { Match, Show, Switch } from 'solid-js'
import type { WebhookSummary } from '../../data/types.ts'
import { count, counted, percent } from '../../format/number.ts'

export function webhooksState({ total, by_status: { failed, pending } }: WebhookSummary): string {
  if (failed > 0) return 'failed'
  if (pending > 0) return 'pending'
  return total > 0 ? 'success' : 'none'
}

/** `worst`: the host of the endpoint with most failures, when there are several endpoints. */
export function WebhooksAnswer(props: { summary: WebhookSummary; hasUrl: boolean; worst: string | null }) {
  const states = () => props.summary.by_status
  const waiting = () =>
    `${counted(states().pending, 'delivery', 'deliveries')} ${states().pending === 1 ? 'waits' : 'wait'} for another try`
  return (
    <Switch>
      <Match when={!props.hasUrl && props.summary.total === 0}>
        <b>Nobody is told yet.</b> Set a URL, and every event of a payment goes there, signed.
      </Match>
      <Match when={props.summary.total === 0}>
        <b>Nothing to deliver yet.</b> The first payment’s events will go out, or send a test event now.
      </Match>
      <Match when={states().failed > 0}>
        <b>
          {counted(states().failed, 'delivery', 'deliveries')} failed
          <Show when={states().pending > 0}>
            {' '}
            and {count(states().pending)} {states().pending === 1 ? 'waits' : 'wait'} for another try
          </Show>
          .
        </b>{' '}
        <Show
          when={props.worst}
          fallback={<>{percent(states().success / props.summary.total)} arrived; retry the rest below.</>}
        >
          {(host) => <>Most of them at {host()}; retry them below.</>}
        </Show>
      </Match>
      <Match when={states().pending > 0}>
        <b>{waiting()}.</b> {count(states().success)} arrived, none was given up.
      </Match>
      <Match when={states().success > 0}>
        <b>All {count(states().success)} arrived.</b> Nothing waits, nothing failed.
      </Match>
    </Switch>
  )
}
