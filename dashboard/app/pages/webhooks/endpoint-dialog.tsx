/** Adding an endpoint, or changing one: where, which events, and how patient. */
import { revalidate } from '@solidjs/router'
import { createSignal, createUniqueId, For, Show } from 'solid-js'
import { ApiError } from '../../data/api.ts'
import { addEndpoint, changeEndpoint, type Endpoint, readEndpoints } from '../../data/endpoints.ts'
import { readWebhookConfig } from '../../data/webhooks.ts'
import { Glyph } from '../../kit/icon.tsx'
import { wordsOf } from '../../kit/notice.tsx'
import { Dialog } from '../../kit/overlay.tsx'
import { toast } from '../../kit/toast.tsx'

const GROUPS = [
  ['payment.*', 'Payments'],
  ['refund.*', 'Refunds'],
  ['endpoint.*', 'Endpoints'],
  ['webhook.*', 'Webhooks given up, tests'],
] as const

/** `endpoint` null: a new one. */
export function EndpointDialog(props: { endpoint: Endpoint | null; onClose: () => void }) {
  const id = createUniqueId()
  const before = props.endpoint
  const [url, setUrl] = createSignal(before?.url ?? '')
  const [description, setDescription] = createSignal(before?.description ?? '')
  const [events, setEvents] = createSignal<string[]>(before?.events ?? ['*'])
  const [ordered, setOrdered] = createSignal(before?.ordered ?? false)
  const [rate, setRate] = createSignal(before?.rate_limit?.toString() ?? '')
  const wasLong = (before?.retry_intervals?.length ?? 0) > 0
  const [long, setLong] = createSignal(wasLong)
  const [refusal, setRefusal] = createSignal<{ field: string | null; words: string } | null>(null)
  const [busy, setBusy] = createSignal(false)
  const all = () => events().includes('*')
  const toggle = (group: string, on: boolean) => {
    const others = events().filter((one) => one !== group && one !== '*')
    setEvents(on ? [...others, group] : others)
  }
  const save = async () => {
    setBusy(true)
    setRefusal(null)
    const choices = {
      url: url().trim(),
      description: description().trim() || null,
      events: events(),
      ordered: ordered(),
      rate_limit: rate() === '' ? null : Number(rate()),
      // Untouched it is not sent: the endpoint may have a list of its own, which no checkbox can hold.
      ...(long() === wasLong ? {} : { retry_intervals: long() ? ('75h' as const) : null }),
    }
    try {
      const { warning } = await (before ? changeEndpoint(before.id, choices) : addEndpoint(choices))
      toast({
        state: warning ? 'pending' : 'success',
        title: before ? 'Changed.' : 'Added.',
        text: warning ?? choices.url,
      })
      props.onClose()
    } catch (error) {
      setRefusal({ field: error instanceof ApiError ? error.field : null, words: wordsOf(error) })
    } finally {
      setBusy(false)
      void revalidate([readEndpoints.key, readWebhookConfig.key])
    }
  }
  return (
    <Dialog
      open
      title={before ? 'Change the endpoint' : 'Add an endpoint'}
      busy={busy()}
      onClose={props.onClose}
      onSubmit={() => void save()}
      foot={
        <>
          <button class="btn" type="button" onClick={() => props.onClose()}>
            {before ? 'Keep as it is' : 'Not now'}
          </button>
          <button class="btn primary" type="submit" disabled={busy() || events().length === 0} aria-busy={busy()}>
            {before ? 'Save' : 'Add endpoint'}
          </button>
        </>
      }
    >
      <div class="field">
        <label for={`${id}-url`}>URL</label>
        <input
          class="input"
          id={`${id}-url`}
          type="url"
          required
          autofocus
          spellcheck={false}
          autocomplete="off"
          value={url()}
          aria-invalid={refusal()?.field === 'url'}
          onInput={(event) => setUrl(event.currentTarget.value)}
        />
      </div>
      <div class="field">
        <label for={`${id}-description`}>
          What it is for <span class="faint">(optional)</span>
        </label>
        <input
          class="input"
          id={`${id}-description`}
          maxlength="255"
          value={description()}
          onInput={(event) => setDescription(event.currentTarget.value)}
        />
      </div>
      <fieldset class="field checks">
        <legend class="label">Events</legend>
        <label class="checkbox">
          <input
            type="checkbox"
            checked={all()}
            onChange={(event) => setEvents(event.currentTarget.checked ? ['*'] : ['payment.*'])}
          />{' '}
          All of them
        </label>
        <For each={GROUPS}>
          {([group, words]) => (
            <label class="checkbox">
              <input
                type="checkbox"
                checked={all() || events().includes(group)}
                disabled={all()}
                onChange={(event) => toggle(group, event.currentTarget.checked)}
              />{' '}
              {words}
            </label>
          )}
        </For>
      </fieldset>
      <label class="checkbox">
        <input type="checkbox" checked={ordered()} onChange={(event) => setOrdered(event.currentTarget.checked)} /> Keep
        the order of a payment’s events
      </label>
      <label class="checkbox">
        <input type="checkbox" checked={long()} onChange={(event) => setLong(event.currentTarget.checked)} /> Try for
        three days instead of two and a half hours
      </label>
      <div class="field">
        <label for={`${id}-rate`}>
          Calls a second at most <span class="faint">(empty: as they come)</span>
        </label>
        <input
          class="input"
          id={`${id}-rate`}
          type="number"
          min="1"
          step="1"
          value={rate()}
          aria-invalid={refusal()?.field === 'rate_limit'}
          onInput={(event) => setRate(event.currentTarget.value)}
        />
      </div>
      <Show when={refusal()}>
        {(wrong) => (
          <p class="error" role="alert" data-state="failed">
            <Glyph state="failed" />
            {wrong().words}
          </p>
        )}
      </Show>
    </Dialog>
  )
}
