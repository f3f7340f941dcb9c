/**
 * The QR code. It is a payment from the moment it is shown, so it is made when it is asked for and not before: a page that was only
 * looked at must leave nothing behind. A code whose time is up is given up, and a new one may be asked for.
 */

import { createEffect, createMemo, createSignal, Show } from 'solid-js'
import { encode } from 'uqr'
import type { Payment } from '../answers.ts'
import { formatClock } from '../format.ts'
import { useCheckout } from './context.ts'
import { Glyph, Icon } from './Icon.tsx'
import { createNow, secondsTo } from './now.ts'

/** Looks like a code and is none that a bank would know. */
const VEILED = 'upi://pay'

export function Scan() {
  const checkout = useCheckout()
  const { words } = checkout
  const [over, setOver] = createSignal(false)
  const busy = () => checkout.sending() === 'qr'
  const show = () => {
    setOver(false)
    void checkout.showQr()
  }
  return (
    <div class="scan">
      <Show
        when={checkout.qr()}
        fallback={
          <div class="qr-veil">
            <Code text={VEILED} />
            <button class="btn" type="button" aria-busy={busy()} onClick={show} data-test-id="show-qr-button">
              <Show when={busy()} fallback={<Icon name="qr" />}>
                <Glyph name="turn" />
              </Show>
              {over() ? words.newQr : words.showQr}
            </button>
          </div>
        }
      >
        {(payment) => <Code text={payment().upi_link ?? ''} label={words.scan} />}
      </Show>
      <div>
        <h2>{words.scan}</h2>
        <button
          class="btn primary pay app-link"
          type="button"
          aria-busy={busy()}
          onClick={() => void checkout.openApp()}
          data-test-id="upi-app-button"
        >
          <Icon name="upi" />
          {words.openApp}
        </button>
        <p>{over() ? words.qrOver : words.approve(checkout.amount())}</p>
        <Show when={checkout.qr()}>
          {(payment) => (
            <Countdown
              payment={payment()}
              over={() => {
                setOver(true)
                checkout.dropQr()
              }}
            />
          )}
        </Show>
      </div>
    </div>
  )
}

function Countdown(props: { payment: Payment; over: () => void }) {
  const { words } = useCheckout()
  const now = createNow()
  const seconds = createMemo(() => secondsTo(props.payment.expiresAtMs, now()))
  createEffect(() => seconds() === 0 && props.over())
  return (
    <p class="left num" role="timer">
      <Icon name="clock" />
      <span>{words.left(formatClock(seconds()))}</span>
    </p>
  )
}

/** Modules as one path. With a label it is a picture; without one it is decoration. */
function Code(props: { text: string; label?: string }) {
  const code = createMemo(() => encode(props.text, { border: 0, ecc: 'M' }))
  const path = () =>
    code()
      .data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')))
      .join('')
  return (
    <svg
      class="qr"
      viewBox={`0 0 ${code().size} ${code().size}`}
      shape-rendering="crispEdges"
      role={props.label ? 'img' : undefined}
      aria-label={props.label}
      aria-hidden={props.label ? undefined : 'true'}
      data-test-id={props.label ? 'upi-qr' : undefined}
    >
      <path d={path()} />
    </svg>
  )
}
