/** A row of the waterfall in words, its mark, and who did it. */
import { type JSX, Match, Show, Switch } from 'solid-js'
import { span } from '../../../format/time.ts'
import { Glyph, Icon, type IconName } from '../../../kit/icon.tsx'
import type { Row } from './tree.ts'

/** The state whose colour and outline the row carries; null: it has an icon instead. */
export function stateOf(row: Row): string | null {
  const { kind, name, detail } = row
  if (kind === 'webhook') return isDelivered(detail) ? 'success' : 'failed'
  if (kind === 'due') return 'pending'
  if (kind === 'failure') return 'failed'
  if (kind === 'event' || kind === 'state') return WORDS[name.replace(/^(payment|refund)\./, '')] ?? 'none'
  return null
}

const WORDS: Record<string, string> = {
  created: 'created',
  pending: 'pending',
  success: 'success',
  failed: 'failed',
  captured: 'captured',
  canceled: 'canceled',
  processed: 'processed',
  refunded: 'refunded',
}

export function isDelivered({ response_code: code }: Row['detail']): boolean {
  return typeof code === 'number' && code >= 200 && code < 300
}

function iconOf({ kind, name, command }: Row): IconName {
  if (kind === 'accepted' || command !== null) return 'in'
  if (kind === 'timer') return 'clock'
  if (kind === 'attempt') return name === 'intent' ? 'flag' : 'bank'
  return 'webhooks'
}

export function Mark(props: { row: Row }) {
  return (
    <Show when={stateOf(props.row)} fallback={<Icon name={iconOf(props.row)} />}>
      {(state) => (
        <span class="wf-g" data-state={state()}>
          <Glyph state={state()} />
        </span>
      )}
    </Show>
  )
}

export function Words(props: { row: Row }): JSX.Element {
  const detail = () => props.row.detail
  const name = () => props.row.name.split(':', 1)[0]
  return (
    <Switch>
      <Match when={props.row.kind === 'accepted'}>
        <b>POST /api/v1/payments</b> accepted, 201
      </Match>
      <Match when={props.row.kind === 'message'}>
        <Show when={props.row.command} fallback="message">
          {(number) => <>command {number()}</>}
        </Show>{' '}
        <b>{name()}</b>
      </Match>
      <Match when={props.row.kind === 'attempt' && props.row.name === 'intent'}>
        intent written, before the bank is asked
      </Match>
      <Match when={props.row.kind === 'attempt'}>
        bank <b>{props.row.name}</b>
        <Show when={detail().answer}>: {String(detail().answer)}</Show>
      </Match>
      <Match when={props.row.kind === 'timer'}>
        timer <b>{name()}</b> set for {span(Number(detail().wait_ms))}
      </Match>
      <Match when={props.row.kind === 'event'}>
        <Show when={props.row.change}>
          {(change) => (
            <>
              now <b>{change()}</b>,{' '}
            </>
          )}
        </Show>
        event <b>{props.row.name}</b>
      </Match>
      <Match when={props.row.kind === 'state'}>
        now <b>{props.row.name}</b>
      </Match>
      <Match when={props.row.kind === 'webhook'}>
        attempt {String(detail().attempt)}, <b>{String(detail().response_code ?? detail().error ?? 'no answer')}</b>
      </Match>
      <Match when={props.row.kind === 'due' && detail().delivery_id}>attempt {String(detail().attempt)}, due</Match>
      <Match when={props.row.kind === 'due'}>
        message <b>{name()}</b>, due
      </Match>
      <Match when={props.row.kind === 'failure'}>
        turn failed: <b>{String(detail().error)}</b>
      </Match>
    </Switch>
  )
}

/** The worker, the bank or the receiver; `hosts` names the endpoints. */
export function doneBy(row: Row, hosts: (endpointId: string) => string): string {
  const { kind, detail, parent } = row
  if (kind === 'webhook' || (kind === 'due' && detail.endpoint_id)) return hosts(String(detail.endpoint_id))
  if (kind === 'attempt' && row.name !== 'intent') return 'the bank'
  if (kind === 'accepted') return 'API'
  return String(detail.worker ?? parent?.detail.worker ?? '')
}
