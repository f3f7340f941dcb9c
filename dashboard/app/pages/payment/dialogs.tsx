/** Capture, refund, cancel: each names its sum on the button and says what follows. One opening is one wish: a second click repeats it. */
import { createMemo, createSignal, createUniqueId, Show } from 'solid-js'
import { newKey } from '../../data/api.ts'
import { cancel, capture, refund } from '../../data/payments.ts'
import type { Payment } from '../../data/types.ts'
import { currencySymbol, majorUnits, minorUnits, money } from '../../format/money.ts'
import { Glyph } from '../../kit/icon.tsx'
import { wordsOf } from '../../kit/notice.tsx'
import { Dialog } from '../../kit/overlay.tsx'
import { toast } from '../../kit/toast.tsx'
import { instrumentOf } from '../transactions/row.tsx'
import type { Room } from './money.ts'

export type DialogName = 'capture' | 'refund' | 'cancel'

interface Props {
  open: DialogName | null
  payment: Payment
  room: Room
  onClose: () => void
  /** Something was done: the page is to be read again. */
  onDone: () => void
}

export function Dialogs(props: Props) {
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

/** Runs what a dialog is for: busy meanwhile, closed when it worked, open with the reason when it did not. */
function createDeed(props: Props) {
  const [busy, setBusy] = createSignal(false)
  const [refusal, setRefusal] = createSignal<string | null>(null)
  const run = async (deed: () => Promise<string>) => {
    setBusy(true)
    setRefusal(null)
    try {
      toast({ state: 'success', title: await deed() })
      props.onClose()
    } catch (error) {
      setRefusal(wordsOf(error))
    } finally {
      setBusy(false)
      props.onDone()
    }
  }
  return { busy, refusal, run, forget: () => setRefusal(null) }
}

/** A sum within its bounds, as text and in minor units. */
function createSum(currency: string, max: number) {
  const [text, setText] = createSignal(majorUnits(max, currency))
  const minor = createMemo(() => minorUnits(text(), currency))
  const wrong = createMemo(() => {
    const value = minor()
    if (value === null) return `Type an amount like ${majorUnits(max, currency)}.`
    if (value < 1) return 'Type more than nothing.'
    return value > max ? `That is more than there is: at most ${money(max, currency)}.` : null
  })
  return { text, setText, minor, wrong }
}

function SumField(props: {
  currency: string
  text: string
  wrong: string | null
  hint: string
  onInput: (text: string) => void
}) {
  const id = createUniqueId()
  return (
    <div class="field">
      <label for={id}>Amount</label>
      <div class="affix">
        <span>{currencySymbol(props.currency)}</span>
        <input
          class="input num mono"
          id={id}
          inputmode="decimal"
          autocomplete="off"
          autofocus
          value={props.text}
          aria-invalid={props.wrong !== null}
          aria-describedby={`${id}-words`}
          onInput={(event) => props.onInput(event.currentTarget.value)}
        />
      </div>
      <Show
        when={props.wrong}
        fallback={
          <p class="hint" id={`${id}-words`}>
            {props.hint}
          </p>
        }
      >
        {(wrong) => (
          <p class="error" id={`${id}-words`} data-state="failed">
            <Glyph state="failed" />
            {wrong()}
          </p>
        )}
      </Show>
    </div>
  )
}

function Refusal(props: { words: string | null }) {
  return (
    <Show when={props.words}>
      {(words) => (
        <p class="verdict" role="alert" data-state="failed">
          <Glyph state="failed" />
          <span>{words()}</span>
        </p>
      )}
    </Show>
  )
}

function Foot(props: {
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

function CaptureDialog(props: Props) {
  const { currency, id } = props.payment
  const max = props.room.capturable
  const sum = createSum(currency, max)
  const deed = createDeed(props)
  const key = createMemo(() => `${sum.minor()}-${newKey()}`)
  const words = () => money(sum.minor() ?? 0, currency)
  const submit = () => {
    const amount = sum.minor()
    if (amount === null || sum.wrong()) return
    void deed.run(async () => {
      await capture(id, amount, key())
      return `${money(amount, currency)} captured.`
    })
  }
  return (
    <Dialog
      open
      title={`Capture ${sum.wrong() ? 'the payment' : words()}`}
      busy={deed.busy()}
      onClose={props.onClose}
      onSubmit={submit}
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

function RefundDialog(props: Props) {
  const { currency, id } = props.payment
  const reasonId = createUniqueId()
  const max = props.room.refundable
  const sum = createSum(currency, max)
  const [reason, setReason] = createSignal('')
  const deed = createDeed(props)
  const key = createMemo(() => `${sum.minor()}-${reason().length}-${newKey()}`)
  const words = () => money(sum.minor() ?? 0, currency)
  const submit = () => {
    const amount = sum.minor()
    if (amount === null || sum.wrong()) return
    void deed.run(async () => {
      await refund(id, amount, reason().trim() || null, key())
      return `${money(amount, currency)} is on its way back to ${instrumentOf(props.payment)}.`
    })
  }
  return (
    <Dialog
      open
      title={`Refund up to ${money(max, currency)}`}
      busy={deed.busy()}
      onClose={props.onClose}
      onSubmit={submit}
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

function CancelDialog(props: Props) {
  const deed = createDeed(props)
  const key = newKey()
  const sum = () => money(props.payment.amount, props.payment.currency)
  const submit = () =>
    void deed.run(async () => {
      await cancel(props.payment.id, key)
      return `${sum()} canceled.`
    })
  return (
    <Dialog
      open
      title={`Cancel ${sum()}?`}
      busy={deed.busy()}
      onClose={props.onClose}
      onSubmit={submit}
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
