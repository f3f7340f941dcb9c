/** What an operator may do about a parked actor: try it again, or set its head command aside. Either way with a reason, which is kept. */
import { createSignal, createUniqueId } from 'solid-js'
import { unpark } from '../../data/runtime.ts'
import { wordsOf } from '../../kit/notice.tsx'
import { Dialog } from '../../kit/overlay.tsx'
import { toast } from '../../kit/toast.tsx'

export function Unpark(props: {
  id: string
  action: 'retry' | 'drop'
  head: { seq: number; name: string } | null
  onClose: () => void
  onDone: () => void
}) {
  const id = createUniqueId()
  const [reason, setReason] = createSignal('')
  const [busy, setBusy] = createSignal(false)
  const drops = () => props.action === 'drop'
  const what = () => (props.head ? `message ${props.head.seq}, ${props.head.name}` : 'the head')
  const submit = async () => {
    setBusy(true)
    try {
      await unpark(props.id, props.action, reason().trim())
      toast({ state: 'success', title: drops() ? `Dropped ${what()}.` : 'It is tried again.' })
      props.onClose()
    } catch (error) {
      toast({ state: 'failed', title: 'It is still parked.', text: wordsOf(error) })
    } finally {
      setBusy(false)
      props.onDone()
    }
  }
  return (
    <Dialog
      open
      title={drops() ? `Drop ${what()}?` : 'Try it again?'}
      busy={busy()}
      onClose={props.onClose}
      onSubmit={() => void submit()}
      foot={
        <>
          <button class="btn" type="button" onClick={() => props.onClose()}>
            Keep it parked
          </button>
          <button
            class={drops() ? 'btn danger' : 'btn primary'}
            type="submit"
            disabled={busy() || reason().trim() === ''}
            aria-busy={busy()}
          >
            {drops() ? `Drop ${what()}` : 'Try again now'}
          </button>
        </>
      }
    >
      <p class="soft">
        {drops()
          ? 'The next message becomes the head. The journal keeps what was dropped, by whom and why.'
          : 'Its mailbox is as it was. If it fails again, it rests longer each time and is parked after eight failures.'}
      </p>
      <div class="field">
        <label for={id}>Reason</label>
        <input
          class="input"
          id={id}
          required
          maxlength="500"
          autofocus
          value={reason()}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
      </div>
    </Dialog>
  )
}
