/** Keys: which are in use and by whom, a new one, one in place of another, one less. */
import { revalidate } from '@solidjs/router'
import { createSignal, For, Match, Show, Switch } from 'solid-js'
import { type ApiKey, type CreatedKey, type Profile, readKeys } from '../../data/settings.ts'
import { count } from '../../format/number.ts'
import { day, moment } from '../../format/time.ts'
import { Badge } from '../../kit/badge.tsx'
import { CopyIcon } from '../../kit/copy.tsx'
import { Icon } from '../../kit/icon.tsx'
import { TableRegion } from '../../kit/table.tsx'
import { NewKeyDialog, RevokeDialog, RollDialog, SecretDialog } from './key-dialogs.tsx'

type Asked = { what: 'create' } | { what: 'roll' | 'revoke'; key: ApiKey } | { what: 'made'; key: CreatedKey } | null

export function Keys(props: { keys: readonly ApiKey[]; profile: Profile | null }) {
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
          <Show when={props.profile}>{(profile) => <span class="note num">{limitWords(profile())}</span>}</Show>
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

function limitWords({ requests_per_second: limit }: Profile): string {
  return limit === null
    ? 'as many requests as you like'
    : `at most ${count(limit)} requests a second each; what is beyond is answered with 429 and Retry-After`
}
