/** What the keys do. */
import { For } from 'solid-js'
import { Dialog } from '../kit/overlay.tsx'

const KEYS: [string[], string][] = [
  [['Ctrl K'], 'search, paste any id'],
  [['/'], 'this page’s search'],
  [['J', 'K'], 'next, previous row'],
  [['Enter'], 'open'],
  [['X'], 'select'],
  [['G', 'O'], 'overview; T transactions, W webhooks, S store, D docs, E settings'],
  [['G', 'A'], 'actors; J jobs, L logs, C chaos'],
  [['C', 'R', 'V'], 'capture, refund, cancel'],
  [['[', ']'], 'cause, first effect in a timeline'],
  [['I'], 'raw JSON'],
  [['P'], 'pause and resume live updates'],
  [['T'], 'theme'],
  [['Esc'], 'close what is on top'],
]

export function Help(props: { open: boolean; onClose: () => void }) {
  return (
    <Dialog
      open={props.open}
      onClose={props.onClose}
      onSubmit={props.onClose}
      title="Keys"
      foot={
        <button class="btn" type="submit">
          Close
        </button>
      }
    >
      <dl class="facts">
        <For each={KEYS}>
          {([keys, words]) => (
            <div>
              <dt>
                <For each={keys}>{(key) => <kbd>{key}</kbd>}</For>
              </dt>
              <dd>{words}</dd>
            </div>
          )}
        </For>
      </dl>
    </Dialog>
  )
}
