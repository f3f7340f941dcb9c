/** Settings: who may act for me, and how do I want things? */
import { For, Show } from 'solid-js'
import { createReading } from '../../data/read.ts'
import { type AuditLine, readAudit, readKeys, readProfile } from '../../data/settings.ts'
import { counted } from '../../format/number.ts'
import { fullMoment, moment } from '../../format/time.ts'
import { Head } from '../../kit/head.tsx'
import { TableRegion } from '../../kit/table.tsx'
import { OriginsForm, PasswordForm, ProfileForm } from './forms.tsx'
import { Keys } from './keys.tsx'

export default function Settings() {
  const keys = createReading(() => readKeys(), 'api_key')
  const profile = createReading(() => readProfile())
  const audit = createReading(() => readAudit())
  const inUse = () => (keys.data() ?? []).filter(({ status }) => status !== 'ended')
  return (
    <>
      <Head
        title="Settings"
        answer={
          <>
            <b>
              {counted(inUse().length, 'key')} {inUse().length === 1 ? 'acts' : 'act'} for you.
            </b>{' '}
            A secret is shown once, when its key is made; everything that is changed here is written down below.
          </>
        }
      />
      <Show when={keys.data()}>{(data) => <Keys keys={data()} profile={profile.data() ?? null} />}</Show>
      <Show when={profile.data()}>
        {(data) => (
          <div class="cells thirds">
            <ProfileForm profile={data()} />
            <OriginsForm profile={data()} />
            <PasswordForm />
          </div>
        )}
      </Show>
      <Show when={(audit.data() ?? []).length > 0}>
        <Audit lines={audit.data() ?? []} />
      </Show>
    </>
  )
}

function Audit(props: { lines: readonly AuditLine[] }) {
  return (
    <section class="cells">
      <div class="cell">
        <div class="cell-head">
          <h2>Who changed what</h2>
          <span class="note">the last twenty</span>
        </div>
        <TableRegion label="Audit log">
          <table class="tbl">
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">What</th>
                <th scope="col">Of</th>
                <th scope="col">By</th>
                <th scope="col">From</th>
                <th scope="col" class="end">
                  Answered
                </th>
              </tr>
            </thead>
            <tbody>
              <For each={props.lines}>
                {(line) => (
                  <tr>
                    <td class="num faint">
                      <time datetime={line.created_at} title={fullMoment(line.created_at)}>
                        {moment(line.created_at)}
                      </time>
                    </td>
                    <th scope="row">{line.action.replaceAll('_', ' ').replace('.', ': ')}</th>
                    <td class="mono soft">{line.object_id}</td>
                    <td class="mono soft">{line.actor}</td>
                    <td class="mono faint">{line.address}</td>
                    <td class="end num">{line.status ?? 'unknown'}</td>
                  </tr>
                )}
              </For>
            </tbody>
          </table>
        </TableRegion>
      </div>
    </section>
  )
}
