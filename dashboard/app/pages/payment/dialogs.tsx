/** Capture, refund, cancel: each names its sum on the button and says what follows. One opening is one wish: a second click repeats it. */
import { Show } from 'solid-js'
import { CancelDialog } from './cancel.tsx'
import { CaptureDialog } from './capture.tsx'
import type { DialogProps } from './foot.tsx'
import { RefundDialog } from './refund.tsx'

export type DialogName = 'capture' | 'refund' | 'cancel'

export function Dialogs(props: DialogProps & { open: DialogName | null }) {
  return (
    <>
      <Show when={props.open === 'capture'}>
        <CaptureDialog {...props} />
      </Show>
      <Show when={props.open === 'refund'}>
        <RefundDialog {...props} />
      </Show>
      <Show when={props.open === 'cancel'}>
        <CancelDialog {...props} />
      </Show>
    </>
  )
}
