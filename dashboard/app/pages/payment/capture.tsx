/** Capture: once, all or a part. */
import { createMemo } from 'solid-js'
import { newKey } from '../../data/api.ts'
import { capture } from '../../data/payments.ts'
import { money } from '../../format/money.ts'
import { createDeed } from '../../kit/deed.ts'
import { Dialog } from '../../kit/overlay.tsx'
import { Refusal } from '../../kit/refusal.tsx'
import { type DialogProps, Foot } from './foot.tsx'
import { createSum, SumField } from './sum.tsx'

export function CaptureDialog(props: DialogProps) {
  const { currency, id } = props.payment
  const max = props.room.capturable
  const sum = createSum(currency, max)
  const deed = createDeed()
  const key = createMemo(() => `${sum.minor()}-${newKey()}`)
  const words = () => money(sum.minor() ?? 0, currency)
  const submit = async () => {
    const amount = sum.minor()
    if (amount === null || sum.wrong()) return
    if (await deed.run(() => capture(id, amount, key()), `${words()} captured.`)) props.onClose()
    props.onDone()
  }
  return (
    <Dialog
      open
      title={`Capture ${sum.wrong() ? 'the payment' : words()}`}
      busy={deed.busy()}
      onClose={props.onClose}
      onSubmit={() => void submit()}
      foot={
        <Foot
          keep="Keep as it is"
          act={`Capture ${sum.wrong() ? '' : words()}`}
          busyWord="Capturing"
          busy={deed.busy()}
          disabled={sum.wrong() !== null}
          onKeep={props.onClose}
        />
      }
    >
      <p class="soft">The money moves from the customer to you. It can be done once; what you leave out is released.</p>
      <SumField
        currency={currency}
        text={sum.text()}
        wrong={sum.wrong()}
        hint={sum.minor() === max ? `All of it.` : `${money(max - (sum.minor() ?? 0), currency)} will be released.`}
        onInput={sum.setText}
      />
      <Refusal words={deed.refusal()} />
    </Dialog>
  )
}
