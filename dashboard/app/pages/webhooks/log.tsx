/** The delivery log: each delivery with its attempts as ticks, and the button that starts it over. */
import { A } from '@solidjs/router'
import { type Accessor, For, Show } from 'solid-js'
import type { Webhook } from '../../data/types.ts'
import { hostOf } from '../../data/webhooks.ts'
import { dueIn, fullMoment, moment } from '../../format/time.ts'
import { Badge } from '../../kit/badge.tsx'
import { Icon } from '../../kit/icon.tsx'
import { TableRegion } from '../../kit/table.tsx'
import { attemptTicks, Ticks } from '../../kit/ticks.tsx'

interface LogProps {
  rows: Webhook[]
  selected: ReadonlySet<string>
  onSelect: (ids: string[], on: boolean) => void
  onRetry: (id: string) => void
  busy: ReadonlySet<string>
  now: Accessor<number>
}

export function Log(props: LogProps) {
  const all = () => props.rows.length > 0 && props.rows.every(({ id }) => props.selected.has(id))
  return (
    <TableRegion label="Table of deliveries" sheet>
      <table class="tbl stack is-log" role="table" data-test-id="webhook-logs-table">
        <thead role="rowgroup">
          <tr role="row">
            <th role="columnheader" scope="col" class="pickcell">
              <input
                type="checkbox"
                aria-label="Select the page"
                checked={all()}
                onChange={(event) =>
                  props.onSelect(
                    props.rows.map(({ id }) => id),
                    event.currentTarget.checked,
                  )
                }
              />
            </th>
            <th role="columnheader" scope="col">
              Event
            </th>
            <th role="columnheader" scope="col">
              Payment
            </th>
            <th role="columnheader" scope="col">
              Endpoint
            </th>
            <th role="columnheader" scope="col">
              State
            </th>
            <th role="columnheader" scope="col">
              Attempts
            </th>
            <th role="columnheader" scope="col">
              Answer
            </th>
            <th role="columnheader" scope="col">
              Last attempt
            </th>
            <th role="columnheader" scope="col">
              Next
            </th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          <For each={props.rows}>{(row) => <LogRow {...props} row={row} />}</For>
        </tbody>
      </table>
    </TableRegion>
  )
}

function LogRow(props: LogProps & { row: Webhook }) {
  return (
    <tr role="row" data-test-id="webhook-log-item" data-webhook-id={props.row.id}>
      <td role="cell" class="pickcell">
        <input
          type="checkbox"
          aria-label={`Select ${props.row.event} of ${props.row.payment_id ?? props.row.id}`}
          checked={props.selected.has(props.row.id)}
          onChange={(event) => props.onSelect([props.row.id], event.currentTarget.checked)}
        />
      </td>
      <td role="cell" class="c-event">
        <A class="row-link" href={`/dashboard/webhooks/${props.row.id}`} data-test-id="webhook-event">
          {props.row.event}
        </A>
      </td>
      <td role="cell" class="c-id mono soft">
        {props.row.payment_id}
      </td>
      <td role="cell" class="c-end soft">
        {hostOf(props.row.endpoint_url)}
      </td>
      <td role="cell" class="c-status">
        <Badge state={props.row.status} testId="webhook-status" />
      </td>
      <td role="cell" class="c-att">
        <span class="atts">
          <Ticks
            ticks={attemptTicks(props.row.status, props.row.attempts, props.row.max_attempts)}
            label={`${props.row.attempts} of ${props.row.max_attempts} attempts`}
          />
          <span class="num soft" data-test-id="webhook-attempts">
            {props.row.attempts}
          </span>
        </span>
      </td>
      <td role="cell" class="c-code num mono" data-test-id="webhook-response-code">
        {props.row.response_code ?? (props.row.attempts > 0 ? 'none' : '')}
      </td>
      <td role="cell" class="c-time num mono faint" data-test-id="webhook-last-attempt">
        <Show when={props.row.last_attempt_at}>
          {(at) => (
            <time datetime={at()} title={fullMoment(at())}>
              {moment(at())}
            </time>
          )}
        </Show>
      </td>
      <td role="cell" class="c-next">
        <span class="next">
          <Show when={props.row.next_retry_at}>{(at) => <span class="num soft">{dueIn(at(), props.now())}</span>}</Show>
          <button
            class="btn"
            classList={{ plain: props.row.status === 'success' }}
            type="button"
            data-test-id="retry-webhook-button"
            disabled={props.busy.has(props.row.id)}
            aria-label={`Retry ${props.row.event} of ${props.row.payment_id ?? props.row.id}`}
            onClick={() => props.onRetry(props.row.id)}
          >
            <Icon name="retry" />
            Retry
          </button>
        </span>
      </td>
    </tr>
  )
}
