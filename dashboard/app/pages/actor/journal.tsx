/** The actor's last turns from the flight recorder, newest first. */
import { A } from '@solidjs/router'
import { For, Show } from 'solid-js'
import type { Turn } from '../../data/runtime.ts'
import { preciseClock, span } from '../../format/time.ts'
import { Badge } from '../../kit/badge.tsx'
import { Icon } from '../../kit/icon.tsx'
import { TableRegion } from '../../kit/table.tsx'
import { deeds } from '../jobs/turns.tsx'

export function Journal(props: { turns: readonly Turn[]; timeline: string | null }) {
  return (
    <section class="cells">
      <div class="cell">
        <div class="cell-head">
          <h2>Journal</h2>
          <Show when={props.timeline}>
            {(href) => (
              <A class="btn plain" href={href()}>
                As a timeline
                <Icon name="arrow" />
              </A>
            )}
          </Show>
        </div>
        <Show when={props.turns.length > 0} fallback={<p class="soft">It has not had a turn yet.</p>}>
          <TableRegion label="Journal">
            <table class="tbl">
              <thead>
                <tr>
                  <th scope="col">When</th>
                  <th scope="col">Worker</th>
                  <th scope="col">Message</th>
                  <th scope="col" class="end">
                    Version
                  </th>
                  <th scope="col">What it did</th>
                  <th scope="col" class="end">
                    Took
                  </th>
                </tr>
              </thead>
              <tbody>
                <For each={props.turns}>
                  {(turn) => (
                    <tr>
                      <td class="num mono faint">{preciseClock(turn.started)}</td>
                      <td class="mono">{turn.worker}</td>
                      <td>
                        {turn.messages
                          .map(({ name, seq }) => [seq, name.split(':', 1)[0]].filter(Boolean).join(' '))
                          .join(', ')}
                      </td>
                      <td class="end num">{turn.version}</td>
                      <td class="soft">
                        <Show when={turn.error}>
                          <Badge state="failed" />{' '}
                        </Show>
                        {deeds({
                          error: turn.error ?? null,
                          changed: turn.changed ?? null,
                          notes: (turn.notes ?? []).map(({ kind, name, took, detail }) => ({
                            kind,
                            name,
                            took_ms: took ?? null,
                            detail: detail ?? {},
                          })),
                          timers: Object.keys(turn.scheduled ?? {}),
                          intent: turn.save === true,
                        })}
                      </td>
                      <td class="end num">{span(turn.took)}</td>
                    </tr>
                  )}
                </For>
              </tbody>
            </table>
          </TableRegion>
        </Show>
      </div>
    </section>
  )
}
