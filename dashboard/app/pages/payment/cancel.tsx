/** Cancel: before any money has moved. */
import { newKey } from '../../data/api.ts'
import { cancel } from '../../data/payments.ts'
import { money } from '../../format/money.ts'
import { createDeed } from '../../kit/deed.ts'
import { Dialog } from '../../kit/overlay.tsx'
import { Refusal } from '../../kit/refusal.tsx'
import { type DialogProps, Foot } from './foot.tsx'

export function CancelDialog(props: DialogProps) {
  const deed = createDeed()
  const key = newKey()
  const sum = () => money(props.payment.amount, props.payment.currency)
  const submit = async () => {
    if (await deed.run(() => cancel(props.payment.id, key), `${sum()} canceled.`)) props.onClose()
    props.onDone()
  }
  return (
    <Dialog
      open
      title={`Cancel ${sum()}?`}
      busy={deed.busy()}
      onClose={props.onClose}
      onSubmit={() => void submit()}
      foot={
        <Foot
          keep="Keep as it is"
          act="Cancel the payment"
          busyWord="Canceling"
          busy={deed.busy()}
          danger
          onKeep={props.onClose}
        />
      }
    >
      <p class="soft">
        {props.payment.status === 'pending'
          ? 'The bank is asked to give back whatever it decides; the payment ends as failed. '
          : 'The authorization is voided at the bank and the customer keeps the money. '}
        This cannot be undone.
      </p>
      <Refusal words={deed.refusal()} />
    </Dialog>
  )
}
