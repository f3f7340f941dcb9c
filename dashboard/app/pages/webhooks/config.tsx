/** Where events go, and how their receiver knows that they are ours. */
import { revalidate } from '@solidjs/router'
import { createSignal, createUniqueId, Show } from 'solid-js'
import { ApiError } from '../../data/api.ts'
import type { WebhookConfig } from '../../data/types.ts'
import { readWebhookConfig, regenerateSecret, saveUrl, sendTest } from '../../data/webhooks.ts'
import { moment } from '../../format/time.ts'
import { CopyIcon } from '../../kit/copy.tsx'
import { Glyph, Icon } from '../../kit/icon.tsx'
import { wordsOf } from '../../kit/notice.tsx'
import { Dialog } from '../../kit/overlay.tsx'
import { toast } from '../../kit/toast.tsx'

export function Config(props: { config: WebhookConfig; onSent: () => void }) {
  return (
    <div class="cells two">
      <section class="cell" data-test-id="webhook-config">
        <div class="cell-head">
          <h2>Where events go</h2>
        </div>
        <UrlForm url={props.config.webhook_url} onSent={props.onSent} />
      </section>
      <section class="cell">
        <div class="cell-head">
          <h2>How you know it is us</h2>
        </div>
        <Secret secret={props.config.webhook_secret} />
      </section>
    </div>
  )
}

function UrlForm(props: { url: string | null; onSent: () => void }) {
  const id = createUniqueId()
  const [typed, setTyped] = createSignal<string | null>(null)
  const [wrong, setWrong] = createSignal<string | null>(null)
  const [busy, setBusy] = createSignal(false)
  const url = () => typed() ?? props.url ?? ''
  const run = async (deed: () => Promise<void>) => {
    setBusy(true)
    setWrong(null)
    try {
      await deed()
    } catch (error) {
      if (error instanceof ApiError && error.field === 'webhook_url') setWrong(error.message)
      else toast({ state: 'failed', text: wordsOf(error) })
    } finally {
      setBusy(false)
    }
  }
  const save = () =>
    run(async () => {
      await saveUrl(url().trim() || null)
      await revalidate(readWebhookConfig.key)
      setTyped(null)
      toast(
        url()
          ? { state: 'success', title: 'Saved.', text: 'The next event goes there.' }
          : { state: 'success', title: 'Removed.', text: 'Events go nowhere now.' },
      )
    })
  const test = () =>
    run(async () => {
      const { id: delivery } = await sendTest()
      toast({ state: 'success', title: 'webhook.test is on its way.', href: `/dashboard/webhooks/${delivery}` })
      props.onSent()
    })
  return (
    <form
      class="form"
      data-test-id="webhook-config-form"
      novalidate
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <div class="field">
        <label for={id}>Webhook URL</label>
        <input
          class="input"
          id={id}
          type="url"
          inputmode="url"
          autocomplete="off"
          spellcheck={false}
          placeholder="https://shop.example.com/webhooks"
          data-test-id="webhook-url-input"
          value={url()}
          aria-invalid={wrong() !== null}
          aria-describedby={`${id}-words`}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
        <Show
          when={wrong()}
          fallback={
            <p class="hint" id={`${id}-words`}>
              Answer with 2xx within 5 s. Redirects are not followed. Empty: events go nowhere.
            </p>
          }
        >
          {(words) => (
            <p class="error" id={`${id}-words`} data-state="failed">
              <Glyph state="failed" />
              {words()}
            </p>
          )}
        </Show>
      </div>
      <div class="acts">
        <button class="btn" type="submit" disabled={busy()} data-test-id="save-webhook-button">
          Save
        </button>
        <button
          class="btn"
          type="button"
          disabled={busy()}
          data-test-id="test-webhook-button"
          onClick={() => void test()}
        >
          <Icon name="send" />
          Send a test event
        </button>
      </div>
    </form>
  )
}

function Secret(props: { secret: string }) {
  const [asking, setAsking] = createSignal(false)
  const [busy, setBusy] = createSignal(false)
  const [revealed, setRevealed] = createSignal(true)
  const regenerate = async () => {
    setBusy(true)
    try {
      const { previous_secret_expires_at: until } = await regenerateSecret()
      await revalidate(readWebhookConfig.key)
      toast({
        state: 'success',
        title: 'A new secret signs.',
        text: `The old one signs beside it until ${moment(until)}.`,
      })
      setAsking(false)
    } catch (error) {
      toast({ state: 'failed', title: 'Still the old secret.', text: wordsOf(error) })
    } finally {
      setBusy(false)
    }
  }
  return (
    <div class="form">
      <div class="field">
        <span class="label" id="secret-label">
          Signing secret
        </span>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a legend; this is a value with its buttons. */}
        <div class="secret" role="group" aria-labelledby="secret-label">
          <code data-test-id="webhook-secret">{revealed() ? props.secret : '•'.repeat(24)}</code>
          <span class="secret-acts">
            <button
              class="copy"
              type="button"
              aria-label={revealed() ? 'Hide the secret' : 'Show the secret'}
              onClick={() => setRevealed(!revealed())}
            >
              <Icon name="eye" />
            </button>
            <CopyIcon text={props.secret} label="Copy the secret" />
          </span>
        </div>
        <p class="hint">After a change both secrets sign for 24 h.</p>
      </div>
      <div class="acts">
        <button
          class="btn danger"
          type="button"
          data-test-id="regenerate-secret-button"
          onClick={() => setAsking(true)}
        >
          Regenerate…
        </button>
      </div>
      <Dialog
        open={asking()}
        title="Make a new signing secret?"
        busy={busy()}
        onClose={() => setAsking(false)}
        onSubmit={() => void regenerate()}
        foot={
          <>
            <button class="btn" type="button" onClick={() => setAsking(false)}>
              Keep the secret
            </button>
            <button class="btn danger" type="submit" disabled={busy()} aria-busy={busy()}>
              Make a new one
            </button>
          </>
        }
      >
        <p class="soft">
          For 24 h every webhook carries two signatures, one by each secret, so you can change your receiver without
          losing one. After that only the new secret signs.
        </p>
      </Dialog>
    </div>
  )
}
