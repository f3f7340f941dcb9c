/** Why does my signature not match? What your code computed is compared with everything that is known to happen to a webhook. */
import { createSignal, createUniqueId, For, Show } from 'solid-js'
import { type Explanation, explain } from '../../data/endpoints.ts'
import type { WebhookAttempt } from '../../data/types.ts'
import { Badge } from '../../kit/badge.tsx'
import { CopyIcon } from '../../kit/copy.tsx'
import { Glyph } from '../../kit/icon.tsx'
import { Failure } from '../../kit/notice.tsx'
import { TableRegion } from '../../kit/table.tsx'
import { SnippetBox } from '../docs/snippet.tsx'
import { verifyWebhook } from '../docs/snippets.ts'

const SENT: [header: string, words: string][] = [
  ['x-webhook-signature', 'Hex, over the body alone, under the whole secret'],
  ['webhook-signature', 'Standard Webhooks: base64, over id, timestamp and body'],
]

export function Explainer(props: { payload: string; attempt: WebhookAttempt; secret: string }) {
  const id = createUniqueId()
  const [theirs, setTheirs] = createSignal('')
  const [answer, setAnswer] = createSignal<Explanation | null>(null)
  const [trouble, setTrouble] = createSignal<unknown>(null)
  const ask = async () => {
    setTrouble(null)
    const { 'webhook-id': eventId = '', 'webhook-timestamp': time = '' } = props.attempt.request_headers
    const isStandard = theirs().trim().startsWith('v1,')
    const headers: Record<string, string> = isStandard
      ? { 'webhook-id': eventId, 'webhook-timestamp': time, 'webhook-signature': theirs().trim() }
      : { 'webhook-id': eventId, 'x-webhook-signature': theirs().trim() }
    try {
      setAnswer(await explain(props.payload, headers, props.secret))
    } catch (error) {
      setTrouble(error)
    }
  }
  return (
    <section class="cells" id="signature">
      <div class="cell">
        <div class="cell-head">
          <h2>Why does my signature not match?</h2>
          <span class="note">what you paste is compared, and not kept</span>
        </div>
        <div class="explain">
          <form
            class="form"
            onSubmit={(event) => {
              event.preventDefault()
              void ask()
            }}
          >
            <div class="field">
              <label for={id}>The signature your code computed</label>
              <input
                class="input mono"
                id={id}
                required
                spellcheck={false}
                autocomplete="off"
                placeholder="hex, or v1,base64"
                value={theirs()}
                onInput={(event) => {
                  setTheirs(event.currentTarget.value)
                  setAnswer(null)
                }}
              />
            </div>
            <div class="acts">
              <button class="btn" type="submit">
                Compare
              </button>
            </div>
            <Show when={trouble()}>{(error) => <Failure what="It could not be compared." error={error()} />}</Show>
            <Show when={answer()}>
              {(found) => (
                <p class="verdict" role="status" data-state={found().verified ? 'success' : 'failed'}>
                  <Glyph state={found().verified ? 'success' : 'failed'} />
                  <span>
                    <b>{found().verified ? 'It is ours.' : 'It is not ours.'}</b>{' '}
                    {found().verified ? 'Your code computes it rightly.' : found().summary}
                  </span>
                </p>
              )}
            </Show>
            <SnippetBox snippets={verifyWebhook(props.secret)} label="Code that verifies a webhook" />
          </form>
          <TableRegion label="Signatures of this attempt">
            <table class="tbl">
              <thead>
                <tr>
                  <th scope="col">Sent</th>
                  <th scope="col">What it covers</th>
                  <th scope="col">Signature</th>
                </tr>
              </thead>
              <tbody>
                <For each={SENT.filter(([header]) => props.attempt.request_headers[header])}>
                  {([header, words]) => {
                    const value = () => props.attempt.request_headers[header] ?? ''
                    return (
                      <tr>
                        <th scope="row">
                          <Badge state="holds">{header}</Badge>
                        </th>
                        <td class="wrap">{words}</td>
                        <td class="mono num" title={value()}>
                          {value().length > 24 ? `${value().slice(0, 12)}…${value().slice(-6)}` : value()}
                          <CopyIcon text={value()} label={`Copy ${header}`} />
                        </td>
                      </tr>
                    )
                  }}
                </For>
              </tbody>
            </table>
          </TableRegion>
        </div>
      </div>
    </section>
  )
}
