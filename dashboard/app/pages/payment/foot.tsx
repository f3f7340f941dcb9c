/** What the dialogs of a payment have in common: what they are given, and their foot. */
import { Show } from 'solid-js'
import type { Payment } from '../../data/types.ts'
import { Glyph } from '../../kit/icon.tsx'
import type { Room } from './money.ts'

export interface DialogProps {
  payment: Payment
  room: Room
  onClose: () => void
  /** Something was done: the page is to be read again. */
  onDone: () => void
}

export function Foot(props: {
  keep: string
  act: string
  busyWord: string
  busy: boolean
  disabled?: boolean
  danger?: boolean
  onKeep: () => void
}) {
  return (
    <>
      <button class="btn" type="button" onClick={() => props.onKeep()}>
        {props.keep}
      </button>
      <button
        class={`btn ${props.danger ? 'danger' : 'primary'}`}
        type="submit"
        disabled={props.disabled || props.busy}
        aria-busy={props.busy}
      >
        <Show when={props.busy} fallback={props.act}>
          <Glyph state="processing" />
          {props.busyWord}
        </Show>
      </button>
    </>
  )
}
