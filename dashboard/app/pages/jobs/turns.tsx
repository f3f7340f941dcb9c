/** The last turns of all actors, a row for each commit. */
import { A } from '@solidjs/router'
import { For } from 'solid-js'
import type { Job } from '../../data/runtime.ts'
import { preciseClock, span } from '../../format/time.ts'
import { Badge } from '../../kit/badge.tsx'
import { TableRegion } from '../../kit/table.tsx'

export function LastTurns(props: { jobs: readonly Job[] }) {
  return (
    <TableRegion label="Last turns">
      <table class="tbl">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Message</th>
            <th scope="col">Actor</th>
            <th scope="col">Worker</th>
            <th scope="col">State</th>
            <th scope="col" class="end">
              Took
            </th>
            <th scope="col">What it did</th>
          </tr>
        </thead>
        <tbody>
          <For each={props.jobs}>
            {(job) => (
              <tr>
                <td class="num mono faint">{preciseClock(job.at)}</td>
                <th scope="row">
                  {job.messages.map(({ name }) => name.split(':', 1)[0]).join(', ') || (job.intent ? 'intent' : 'none')}
                </th>
                <td>
                  <A class="row-link mono" href={`/dashboard/actors/${encodeURIComponent(job.actor_id)}`}>
                    {job.actor_id}
                  </A>
                </td>
                <td class="mono faint">{job.worker}</td>
                <td>
                  <Badge state={job.error === null ? 'success' : 'failed'} />
                </td>
                <td class="end num">{span(job.took_ms)}</td>
                <td class="soft">{deeds(job)}</td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </TableRegion>
  )
}

/** What a turn did, in the order of importance; when it did it stands elsewhere. */
export function deeds({
  error,
  changed,
  notes,
  timers,
  intent,
}: Pick<Job, 'error' | 'changed' | 'notes' | 'timers' | 'intent'>): string {
  const parts = [
    error,
    ...Object.entries(changed ?? {})
      .filter(([name]) => !name.endsWith('_at'))
      .map(([name, value]) => `${name} ${String(value)}`),
    ...notes.map(({ name, detail }) =>
      [name, detail.answer ?? detail.response_code ?? detail.error].filter(Boolean).join(': '),
    ),
    ...timers.map((name) => `timer ${name.split(':', 1)[0]}`),
    intent ? 'intent written' : null,
  ]
  return parts.filter((part) => part !== null && part !== '').join('; ') || 'nothing was due'
}
