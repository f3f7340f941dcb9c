/** Keys: which are in use and by whom, a new one, one in place of another, one less. */
import { revalidate } from '@solidjs/router'
import { createSignal, createUniqueId, For, Match, Show, Switch } from 'solid-js'
import { type ApiKey, type CreatedKey, createKey, readKeys, revokeKey, rollKey } from '../../data/settings.ts'
import { day, moment } from '../../format/time.ts'
import { Badge } from '../../kit/badge.tsx'
import { CopyIcon } from '../../kit/copy.tsx'
import { Icon } from '../../kit/icon.tsx'
import { Dialog } from '../../kit/overlay.tsx'
import { Refusal } from '../../kit/refusal.tsx'
import { TableRegion } from '../../kit/table.tsx'
import { createDeed } from './deed.ts'

type Asked = { what: 'create' } | { what: 'roll' | 'revoke'; key: ApiKey } | { what: 'made'; key: CreatedKey } | null

export function Keys(props: { keys: readonly ApiKey[] }) {
  const [asked, setAsked] = createSignal<Asked>(null)
  const close = () => setAsked(null)
  const made = (key: CreatedKey) => {
    setAsked(key.api_secret ? { what: 'made', key } : null)
    void revalidate(readKeys.key)
  }
  const of = (what: 'roll' | 'revoke') => {
    const now = asked()
    return now?.what === what ? now.key : null
  }
  const fresh = () => {
    const now = asked()
    return now?.what === 'made' ? now.key : null
  }
  return (
    <section class="cells">
      <div class="cell">
        <div class="cell-head">
          <h2>API keys</h2>
          <button class="btn" type="button" onClick={() => setAsked({ what: 'create' })}>
            <Icon name="plus" />
            New key
          </button>
        </div>
        <TableRegion label="API keys">
          <table class="tbl">
            <thead>
              <tr>
                <th scope="col">Key</th>
                <th scope="col">Name</th>
                <th scope="col">Kind</th>
                <th scope="col">Created</th>
                <th scope="col">Last used</th>
                <th scope="col">State</th>
                <th scope="col">
                  <span class="off">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              <For each={props.keys}>
                {(key) => (
                  <KeyRow
                    key={key}
                    onRoll={() => setAsked({ what: 'roll', key })}
                    onRevoke={() => setAsked({ what: 'revoke', key })}
                  />
                )}
              </For>
            </tbody>
          </table>
        </TableRegion>
      </div>
      <Show when={asked()?.what === 'create'}>
        <NewKeyDialog onClose={close} onMade={made} />
      </Show>
      <Show when={of('roll')}>{(key) => <RollDialog apiKey={key()} onClose={close} onMade={made} />}</Show>
      <Show when={of('revoke')}>{(key) => <RevokeDialog apiKey={key()} onClose={close} />}</Show>
      <Show when={fresh()}>{(key) => <SecretDialog apiKey={key()} onClose={close} />}</Show>
    </section>
  )
}

function KeyRow(props: { key: ApiKey; onRoll: () => void; onRevoke: () => void }) {
  return (
    <tr>
      <th scope="row">
        <code>{props.key.api_key}</code>
        <CopyIcon text={props.key.api_key} label={`Copy ${props.key.api_key}`} />
      </th>
      <td>{props.key.name}</td>
      <td class="soft">{props.key.kind}</td>
      <td class="num faint">{day(props.key.created_at)}</td>
      <td class="num faint">{props.key.last_used_at ? moment(props.key.last_used_at) : 'never'}</td>
      <td>
        <Switch>
          <Match when={props.key.status === 'active'}>
            <Badge state="running">in use</Badge>
          </Match>
          <Match when={props.key.status === 'ending'}>
            <Badge state="draining">until {moment(props.key.expires_at ?? '')}</Badge>
          </Match>
          <Match when={props.key.status === 'ended'}>
            <Badge state="disabled">ended</Badge>
          </Match>
        </Switch>
      </td>
      <td class="end">
        <Show when={props.key.status !== 'ended'}>
          <Show when={props.key.status === 'active'}>
            <button class="btn plain" type="button" onClick={() => props.onRoll()}>
              Roll…
            </button>
          </Show>
          <button class="btn plain danger" type="button" onClick={() => props.onRevoke()}>
            Revoke…
          </button>
        </Show>
      </td>
    </tr>
  )
}

function NewKeyDialog(props: { onClose: () => void; onMade: (key: CreatedKey) => void }) {
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

function RollDialog(props: { apiKey: ApiKey; onClose: () => void; onMade: (key: CreatedKey) => void }) {
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

function RevokeDialog(props: { apiKey: ApiKey; onClose: () => void }) {
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
function SecretDialog(props: { apiKey: CreatedKey; onClose: () => void }) {
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
