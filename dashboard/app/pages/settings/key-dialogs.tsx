/** What one does with keys: make one, put one in place of another, revoke one. */
import { revalidate } from '@solidjs/router'
import { createSignal, createUniqueId } from 'solid-js'
import { type ApiKey, type CreatedKey, createKey, readKeys, revokeKey, rollKey } from '../../data/settings.ts'
import { CopyIcon } from '../../kit/copy.tsx'
import { createDeed } from '../../kit/deed.ts'
import { Dialog } from '../../kit/overlay.tsx'
import { Refusal } from '../../kit/refusal.tsx'

export function NewKeyDialog(props: { onClose: () => void; onMade: (key: CreatedKey) => void }) {
  const id = createUniqueId()
  const [name, setName] = createSignal('')
  const [kind, setKind] = createSignal<ApiKey['kind']>('secret')
  const deed = createDeed()
  const submit = () =>
    deed.run(async () => props.onMade(await createKey(kind(), name().trim() || null)), 'A new key is in use.')
  return (
    <Dialog
      open
      title="A new key"
      busy={deed.busy()}
      onClose={props.onClose}
      onSubmit={() => void submit()}
      foot={
        <>
          <button class="btn" type="button" onClick={() => props.onClose()}>
            Not now
          </button>
          <button class="btn primary" type="submit" disabled={deed.busy()}>
            Make the key
          </button>
        </>
      }
    >
      <div class="field">
        <label for={`${id}-name`}>
          Name <span class="faint">(for you: which server has it)</span>
        </label>
        <input
          class="input"
          id={`${id}-name`}
          maxlength="100"
          autofocus
          value={name()}
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </div>
      <div class="field">
        <label for={`${id}-kind`}>Kind</label>
        <select
          class="input"
          id={`${id}-kind`}
          value={kind()}
          onChange={(event) => setKind(event.currentTarget.value as ApiKey['kind'])}
        >
          <option value="secret">Secret: for your server, does everything</option>
          <option value="publishable">Publishable: for your pages, opens the checkout</option>
        </select>
      </div>
      <Refusal words={deed.refusal()} />
    </Dialog>
  )
}

export function RollDialog(props: { apiKey: ApiKey; onClose: () => void; onMade: (key: CreatedKey) => void }) {
  const deed = createDeed()
  const submit = () => deed.run(async () => props.onMade(await rollKey(props.apiKey.api_key)), 'The new key is in use.')
  return (
    <Dialog
      open
      title="A new key in place of this one?"
      busy={deed.busy()}
      onClose={props.onClose}
      onSubmit={() => void submit()}
      foot={
        <>
          <button class="btn" type="button" onClick={() => props.onClose()}>
            Keep the key
          </button>
          <button class="btn primary" type="submit" disabled={deed.busy()}>
            Roll the key
          </button>
        </>
      }
    >
      <p class="soft">
        <code>{props.apiKey.api_key}</code> goes on for 24 h beside the new one, so that your servers can be changed one
        by one.
      </p>
      <Refusal words={deed.refusal()} />
    </Dialog>
  )
}

export function RevokeDialog(props: { apiKey: ApiKey; onClose: () => void }) {
  const deed = createDeed()
  const submit = async () => {
    const worked = await deed.run(() => revokeKey(props.apiKey.api_key), 'The key opens nothing any more.')
    await revalidate(readKeys.key)
    if (worked) props.onClose()
  }
  return (
    <Dialog
      open
      title="Revoke this key?"
      busy={deed.busy()}
      onClose={props.onClose}
      onSubmit={() => void submit()}
      foot={
        <>
          <button class="btn" type="button" onClick={() => props.onClose()}>
            Keep the key
          </button>
          <button class="btn danger" type="submit" disabled={deed.busy()}>
            Revoke the key
          </button>
        </>
      }
    >
      <p class="soft">
        Within five seconds <code>{props.apiKey.api_key}</code> opens nothing any more, anywhere. This cannot be undone;
        to change it without a gap, roll it instead.
      </p>
      <Refusal words={deed.refusal()} />
    </Dialog>
  )
}

/** The one time that a secret is shown. */
export function SecretDialog(props: { apiKey: CreatedKey; onClose: () => void }) {
  return (
    <Dialog
      open
      title="Copy the secret now"
      onClose={props.onClose}
      onSubmit={props.onClose}
      foot={
        <button class="btn primary" type="submit">
          I have it
        </button>
      }
    >
      <p class="soft">It is kept as a hash and can never be shown again.</p>
      <dl class="facts">
        <div>
          <dt>Key</dt>
          <dd>
            <code>{props.apiKey.api_key}</code>
            <CopyIcon text={props.apiKey.api_key} label="Copy the key" />
          </dd>
        </div>
        <div>
          <dt>Secret</dt>
          <dd>
            <code>{props.apiKey.api_secret}</code>
            <CopyIcon text={props.apiKey.api_secret ?? ''} label="Copy the secret" />
          </dd>
        </div>
      </dl>
    </Dialog>
  )
}
