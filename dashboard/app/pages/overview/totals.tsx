/** The day in figures. */
import { A } from '@solidjs/router'
import { Show } from 'solid-js'
import type { Runtime } from '../../data/runtime.ts'
import type { JobsStatus, PaymentSummary } from '../../data/types.ts'
import { money } from '../../format/money.ts'
import { count, percent } from '../../format/number.ts'
import { span } from '../../format/time.ts'

export function Totals(props: { summary: PaymentSummary; jobs: JobsStatus | undefined; runtime: Runtime | null }) {
  const sums = () => props.summary.amounts
  const decided = () => props.summary.by_status.success + props.summary.by_status.failed
  const methods = () =>
    props.summary.methods
      .filter(({ success, failed }) => success + failed > 0)
      .map(
        ({ method, success, failed }) =>
          `${method === 'upi' ? 'UPI' : 'card'} ${percent(success / (success + failed))}`,
      )
      .join(', ')
  return (
    <div class="cells figures" data-test-id="stats-container">
      <A href="/dashboard/transactions?period=today" class="figure">
        <span class="figure-num num">
          <span data-test-id="total-transactions">{count(props.summary.total)}</span>
        </span>
        <span>transactions today</span>
      </A>
      <A href="/dashboard/transactions?period=today&status=success" class="figure">
        <span class="figure-num num">
          <span data-test-id="total-amount">
            {sums().length === 0
              ? money(0, 'INR')
              : sums()
                  .map(({ success, currency }) => money(success, currency))
                  .join(' + ')}
          </span>
        </span>
        <span>amount taken</span>
      </A>
      <A href="/dashboard/transactions?period=today&status=failed" class="figure">
        <span class="figure-num num">
          <span data-test-id="success-rate">
            {decided() === 0 ? '0%' : percent(props.summary.by_status.success / decided())}
          </span>
        </span>
        <span>success rate{methods() && `; ${methods()}`}</span>
      </A>
      <Show
        when={props.runtime}
        fallback={
          <A href="/dashboard/transactions?status=pending" class="figure">
            <span class="figure-num num">{count(props.jobs?.pending ?? 0)}</span>
            <span>jobs wait</span>
          </A>
        }
      >
        {(runtime) => (
          <>
            <A href="/dashboard/actors" class="figure">
              <span class="figure-num num">
                <Waiting ms={runtime().oldest_ready?.waiting_ms ?? 0} />
              </span>
              <span>oldest ready actor</span>
            </A>
            <A href="/dashboard/actors" class="figure">
              <span class="figure-num num">
                {count(runtime().truth_gap.unknown)}{' '}
                <small>of {count(runtime().scheduled + runtime().ready + runtime().running)} open</small>
              </span>
              <span>truth gap</span>
            </A>
          </>
        )}
      </Show>
    </div>
  )
}

/** A time as a figure: the number large, its unit small. */
function Waiting(props: { ms: number }) {
  const parts = () => span(props.ms).split('\u00a0')
  return (
    <>
      {parts()[0]} <small>{parts().slice(1).join(' ')}</small>
    </>
  )
}
