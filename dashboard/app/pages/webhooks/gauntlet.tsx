/** Does your receiver stand what receivers meet? Six webhooks, good and bad ones, and what it made of each. */
import { createResource, For, Show } from 'solid-js'
import { type Endpoint, runGauntlet } from '../../data/endpoints.ts'
import { span } from '../../format/time.ts'
import { Badge } from '../../kit/badge.tsx'
import { Failure } from '../../kit/notice.tsx'
import { Dialog } from '../../kit/overlay.tsx'

export function GauntletDialog(props: { endpoint: Endpoint; onClose: () => void }) {
  const [result, { refetch }] = createResource(() => props.endpoint.id, runGauntlet)
  const finished = () => (result.state === 'ready' ? result() : undefined)
  return (
    <Dialog
      open
      title="Six webhooks, good and bad ones"
      onClose={props.onClose}
      onSubmit={props.onClose}
      foot={
        <button class="btn" type="submit">
          Close
        </button>
      }
    >
      <p class="soft">
        Sent to <b>{props.endpoint.url}</b>: a receiver accepts the good ones and refuses the forged, the old and the
        changed.
      </p>
      <Show when={result.state === 'pending'}>
        <p role="status">
          <Badge state="processing">Sending, a few seconds</Badge>
        </p>
      </Show>
      <Show when={result.error}>
        {(error) => <Failure what="It could not be tried." error={error()} retry={() => void refetch()} />}
      </Show>
      <Show when={finished()}>
        {(gauntlet) => (
          <ul class="trials">
            <For each={gauntlet().trials}>
              {(trial) => (
                <li>
                  <Badge state={trial.passed ? 'success' : 'failed'}>{trial.name.replaceAll('_', ' ')}</Badge>
                  <span class="num faint">
                    {trial.response_code ?? trial.error ?? 'no answer'}, {span(trial.duration_ms)}
                  </span>
                  <Show when={!trial.passed && trial.advice}>{(advice) => <p class="note">{advice()}</p>}</Show>
                </li>
              )}
            </For>
          </ul>
        )}
      </Show>
    </Dialog>
  )
}
