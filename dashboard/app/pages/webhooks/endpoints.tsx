/** The endpoints: who answers, who refuses, who is switched off and why; with what can be done about each. */
import { revalidate } from '@solidjs/router'
import { createSignal, For, Show } from 'solid-js'
import { changeEndpoint, type Endpoint, readEndpoints, removeEndpoint } from '../../data/endpoints.ts'
import type { WebhookSummary } from '../../data/types.ts'
import { count, percent } from '../../format/number.ts'
import { moment } from '../../format/time.ts'
import { Badge } from '../../kit/badge.tsx'
import { wordsOf } from '../../kit/notice.tsx'
import { Dialog } from '../../kit/overlay.tsx'
import { TableRegion } from '../../kit/table.tsx'
import { toast } from '../../kit/toast.tsx'
import { EndpointDialog } from './endpoint-dialog.tsx'
import { GauntletDialog } from './gauntlet.tsx'

type Open = { what: 'change' | 'remove' | 'gauntlet'; endpoint: Endpoint } | null

export function Endpoints(props: { endpoints: readonly Endpoint[]; summary: WebhookSummary }) {
  const [open, setOpen] = createSignal<Open>(null)
  const close = () => setOpen(null)
  const chosen = (what: NonNullable<Open>['what']) => (open()?.what === what ? (open()?.endpoint ?? null) : null)
  const countsOf = (id: string) =>
    props.summary.endpoints.find((one) => one.endpoint_id === id) ?? { pending: 0, success: 0, failed: 0 }
  return (
    <section class="cells">
      <div class="cell">
        <div class="cell-head">
          <h2>Endpoints</h2>
          <span class="note num">{count(props.endpoints.length)}</span>
        </div>
        <TableRegion label="Endpoints">
          <table class="tbl">
            <thead>
              <tr>
                <th scope="col">Endpoint</th>
                <th scope="col">State</th>
                <th scope="col">Events</th>
                <th scope="col" class="end">
                  Answered
                </th>
                <th scope="col" class="end">
                  Waiting
                </th>
                <th scope="col">
                  <span class="off">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              <For each={props.endpoints}>
                {(endpoint) => (
                  <EndpointRow
                    endpoint={endpoint}
                    counts={countsOf(endpoint.id)}
                    onOpen={(what) => setOpen({ what, endpoint })}
                  />
                )}
              </For>
            </tbody>
          </table>
        </TableRegion>
      </div>
      <Show when={chosen('change')}>{(endpoint) => <EndpointDialog endpoint={endpoint()} onClose={close} />}</Show>
      <Show when={chosen('remove')}>{(endpoint) => <RemoveDialog endpoint={endpoint()} onClose={close} />}</Show>
      <Show when={chosen('gauntlet')}>{(endpoint) => <GauntletDialog endpoint={endpoint()} onClose={close} />}</Show>
    </section>
  )
}

const REASONS = { merchant: 'by you', gone: 'it answered 410 Gone', failing: 'it failed for five days' }

function EndpointRow(props: {
  endpoint: Endpoint
  counts: { pending: number; success: number; failed: number }
  onOpen: (what: 'change' | 'remove' | 'gauntlet') => void
}) {
  const ended = () => props.counts.success + props.counts.failed
  const toggle = async () => {
    const status = props.endpoint.status === 'enabled' ? 'disabled' : 'enabled'
    try {
      await changeEndpoint(props.endpoint.id, { status })
      toast({ state: 'success', title: `${status === 'enabled' ? 'Enabled' : 'Disabled'}.`, text: props.endpoint.url })
    } catch (error) {
      toast({ state: 'failed', title: 'Not changed.', text: wordsOf(error) })
    }
    await revalidate(readEndpoints.key)
  }
  return (
    <tr>
      <th scope="row">
        <button class="row-link" type="button" onClick={() => props.onOpen('change')}>
          {props.endpoint.url}
        </button>
        <Show when={props.endpoint.description}>{(words) => <p class="note">{words()}</p>}</Show>
      </th>
      <td>
        <Show
          when={props.endpoint.status === 'disabled'}
          fallback={
            <Show when={props.endpoint.failing_since} fallback={<Badge state="running">enabled</Badge>}>
              {(since) => (
                <>
                  <Badge state="broken">refuses</Badge> <span class="note num">since {moment(since())}</span>
                </>
              )}
            </Show>
          }
        >
          <Badge state="disabled" /> <span class="note">{REASONS[props.endpoint.disabled_reason ?? 'merchant']}</span>
        </Show>
      </td>
      <td class="soft">{props.endpoint.events.includes('*') ? 'all' : props.endpoint.events.join(', ')}</td>
      <td class="end num">{ended() === 0 ? '' : percent(props.counts.success / ended())}</td>
      <td class="end num">{count(props.counts.pending)}</td>
      <td class="end">
        <button class="btn plain" type="button" onClick={() => props.onOpen('gauntlet')}>
          Try it
        </button>
        <button class="btn plain" type="button" onClick={() => void toggle()}>
          {props.endpoint.status === 'enabled' ? 'Disable' : 'Enable'}
        </button>
        <button class="btn plain danger" type="button" onClick={() => props.onOpen('remove')}>
          Remove…
        </button>
      </td>
    </tr>
  )
}

function RemoveDialog(props: { endpoint: Endpoint; onClose: () => void }) {
  const remove = async () => {
    try {
      await removeEndpoint(props.endpoint.id)
      toast({ state: 'success', title: 'Removed.', text: props.endpoint.url })
      props.onClose()
    } catch (error) {
      toast({ state: 'failed', title: 'Not removed.', text: wordsOf(error) })
    }
    await revalidate(readEndpoints.key)
  }
  return (
    <Dialog
      open
      title="Remove this endpoint?"
      onClose={props.onClose}
      onSubmit={() => void remove()}
      foot={
        <>
          <button class="btn" type="button" onClick={() => props.onClose()}>
            Keep it
          </button>
          <button class="btn danger" type="submit">
            Remove the endpoint
          </button>
        </>
      }
    >
      <p class="soft">
        What is on its way to <b>{props.endpoint.url}</b> is given up. The log keeps what was sent. To stop it for a
        while, disable it instead.
      </p>
    </Dialog>
  )
}
