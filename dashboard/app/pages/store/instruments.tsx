/** Outcomes spoken in the instrument: what to type for which end. */
import { For } from 'solid-js'
import { Badge } from '../../kit/badge.tsx'
import { CopyIcon } from '../../kit/copy.tsx'
import { TableRegion } from '../../kit/table.tsx'

const INSTRUMENTS: [instrument: string, state: string, words: string][] = [
  ['success@sim', 'success', 'after the bank’s usual 5 to 10 s'],
  ['success.0s@sim', 'success', 'at once'],
  ['insufficient_funds@sim', 'failed', 'and you may try again'],
  ['timeout.success.30s@sim', 'pending', 'no answer for 30 s, then found successful'],
  ['duplicate@sim', 'success', 'said twice, charged once'],
  ['4111 1111 1111 1111', 'success', 'Visa'],
  ['4000 0000 0000 0002', 'failed', 'declined'],
]

export function Instruments() {
  return (
    <section class="cell">
      <div class="cell-head">
        <h2>Choose the outcome</h2>
        <span class="note">type it as UPI ID or card number</span>
      </div>
      <InstrumentsTable />
    </section>
  )
}

export function InstrumentsTable() {
  return (
    <TableRegion label="Test instruments">
      <table class="tbl">
        <thead>
          <tr>
            <th scope="col">Instrument</th>
            <th scope="col">What the bank does</th>
          </tr>
        </thead>
        <tbody>
          <For each={INSTRUMENTS}>
            {([instrument, state, words]) => (
              <tr>
                <th scope="row">
                  <code>{instrument}</code>
                  <CopyIcon text={instrument} label={`Copy ${instrument}`} />
                </th>
                <td class="wrap">
                  <Badge state={state} /> <span class="soft">{words}</span>
                </td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </TableRegion>
  )
}
