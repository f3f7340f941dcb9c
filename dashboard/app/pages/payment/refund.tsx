/** Refund: as often as something is left. */
import { createMemo, createSignal, createUniqueId } from 'solid-js'
import { newKey } from '../../data/api.ts'
import { refund } from '../../data/payments.ts'
import { money } from '../../format/money.ts'
import { createDeed } from '../../kit/deed.ts'
import { Dialog } from '../../kit/overlay.tsx'
import { Refusal } from '../../kit/refusal.tsx'
import { instrumentOf } from '../transactions/row.tsx'
import { type DialogProps, Foot } from './foot.tsx'
import { createSum, SumField } from './sum.tsx'

export function RefundDialog(props: DialogProps) {
  const { currency, id } = props.payment
  const reasonId = createUniqueId()
  const max = props.room.refundable
  const sum = createSum(currency, max)
  const [reason, setReason] = createSignal('')
  const deed = createDeed()
  const key = createMemo(() => `${sum.minor()}-${reason().length}-${newKey()}`)
  const words = () => money(sum.minor() ?? 0, currency)
  const submit = async () => {
    const amount = sum.minor()
    if (amount === null || sum.wrong()) return
    const ask = () => refund(id, amount, reason().trim() || null, key())
    if (await deed.run(ask, `${words()} is on its way back to ${instrumentOf(props.payment)}.`)) props.onClose()
    props.onDone()
  }
  return (
    <Dialog
      open
      title={`Refund up to ${money(max, currency)}`}
      busy={deed.busy()}
      onClose={props.onClose}
      onSubmit={() => void submit()}
      foot={
        <Foot
          keep="Keep as it is"
          act={`Refund ${sum.wrong() ? '' : words()}`}
          busyWord="Refunding"
          busy={deed.busy()}
          disabled={sum.wrong() !== null}
          onKeep={props.onClose}
        />
      }
    >
      <p class="soft">
        To <span class="mono">{instrumentOf(props.payment)}</span>, within seconds. The payment stays <b>success</b>.
      </p>
      <SumField
        currency={currency}
        text={sum.text()}
        wrong={sum.wrong()}
        hint={`Up to ${money(max, currency)}.`}
        onInput={sum.setText}
      />
      <div class="field">
        <label for={reasonId}>
          Reason <span class="faint">(optional, the customer does not see it)</span>
        </label>
        <input
          class="input"
          id={reasonId}
          maxlength="512"
          value={reason()}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
      </div>
      <Refusal words={deed.refusal()} />
    </Dialog>
  )
}
