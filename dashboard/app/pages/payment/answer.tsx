/** The payment's first sentence: what happened to this money, and whether everybody has been told. */
import { Match, Show, Switch } from 'solid-js'
import type { Payment, Webhook } from '../../data/types.ts'
import { money } from '../../format/money.ts'
import { counted } from '../../format/number.ts'
import { dueIn, span } from '../../format/time.ts'

export function paymentState({ status, canceled, captured }: Payment, deliveries: readonly Webhook[]): string {
  if (canceled) return 'canceled'
  if (status !== 'success') return status
  if (deliveries.some((delivery) => delivery.status === 'failed')) return 'failed'
  return captured && deliveries.every((delivery) => delivery.status === 'success') ? 'success' : 'pending'
}

export function PaymentAnswer(props: { payment: Payment; deliveries: readonly Webhook[]; now: number }) {
  const sum = (minor: number) => money(minor, props.payment.currency)
  const waited = () => span(props.now - Date.parse(props.payment.created_at))
  return (
    <>
      <Switch>
        <Match when={props.payment.canceled && props.payment.status === 'success'}>
          <b>{sum(props.payment.amount)} released, and nothing taken.</b> It was authorized, then canceled.
        </Match>
        <Match when={props.payment.canceled}>
          <b>Canceled before the bank had decided.</b> Nothing was taken.
        </Match>
        <Match when={props.payment.status === 'pending'}>
          <b>{sum(props.payment.amount)} waits for the bank,</b> {waited()} so far.
        </Match>
        <Match when={props.payment.status === 'failed'}>
          <b>{sum(props.payment.amount)} was not taken.</b> {props.payment.error_description ?? 'The bank declined it.'}
        </Match>
        <Match when={props.payment.amount_refunded > 0}>
          <b>
            {sum(props.payment.amount_refunded)} of{' '}
            {sum(props.payment.captured ? props.payment.amount_captured : props.payment.amount)} refunded.
          </b>
        </Match>
        <Match when={props.payment.captured}>
          <b>{sum(props.payment.amount_captured)} captured.</b>
        </Match>
        <Match when={props.payment.status === 'success'}>
          <b>{sum(props.payment.amount)} authorized, not captured yet.</b>
        </Match>
      </Switch>{' '}
      <Delivered deliveries={props.deliveries} now={props.now} />
    </>
  )
}

function Delivered(props: { deliveries: readonly Webhook[]; now: number }) {
  const open = () => props.deliveries.filter(({ status }) => status !== 'success')
  const waiting = () => open().find(({ status }) => status === 'pending')
  return (
    <Switch>
      <Match when={props.deliveries.length === 0}>No webhook URL is set, so nobody has been told.</Match>
      <Match when={open().length === 0}>Everything is delivered.</Match>
      <Match when={open().length === 1 && waiting()}>
        {(delivery) => (
          <>
            Everything is delivered except <b>{delivery().event}</b>: attempt {delivery().attempts + 1} of{' '}
            {delivery().max_attempts} is due{' '}
            <Show when={delivery().next_retry_at} fallback="now">
              {(at) => dueIn(at(), props.now)}
            </Show>
            .
          </>
        )}
      </Match>
      <Match when={waiting()}>{counted(open().length, 'webhook')} are still under way.</Match>
      <Match when={open().length > 0}>
        {counted(open().length, 'webhook')} could not be delivered: <b>retry {open().length === 1 ? 'it' : 'them'}</b>{' '}
        below.
      </Match>
    </Switch>
  )
}
