/** The list's first sentence: how much came in, how many succeeded, and who still waits. It follows the filters. */
import { Show } from 'solid-js'
import type { PaymentSummary } from '../../data/types.ts'
import { money } from '../../format/money.ts'
import { createNow } from '../../format/now.ts'
import { count, counted, percent } from '../../format/number.ts'
import { span } from '../../format/time.ts'
import type { PeriodName } from './filters.ts'

const WHEN: Record<PeriodName, string> = {
  '': '',
  today: ' today',
  '7d': ' in the last 7 days',
  '30d': ' in the last 30 days',
}

export function answerState({ total, by_status: { pending, success, failed } }: PaymentSummary): string {
  if (total === 0) return 'none'
  if (success + failed === 0) return 'pending'
  return success >= failed || pending > 0 ? 'success' : 'failed'
}

export function Answer(props: { summary: PaymentSummary; period: PeriodName; narrowed: boolean }) {
  const now = createNow(1_000)
  const states = () => props.summary.by_status
  const decided = () => states().success + states().failed
  const sums = () =>
    props.summary.amounts
      .filter(({ success }) => success > 0)
      .map(({ success, currency }) => money(success, currency))
      .join(' and ')
  return (
    <Show
      when={props.summary.total > 0}
      fallback={
        <b>{props.narrowed ? 'Nothing fits these filters' : `No transactions${WHEN[props.period] || ' yet'}`}.</b>
      }
    >
      <b>
        {sums() || 'Nothing'} taken{WHEN[props.period]}
      </b>{' '}
      in {count(states().success)} of {counted(props.summary.total, 'transaction')}.
      <Show when={decided() > 0}> {percent(states().success / decided())} succeeded</Show>
      <Show when={props.summary.oldest_pending_at} fallback="; none waits for the bank.">
        {(since) => (
          <>
            {decided() > 0 ? '; ' : ' '}
            {count(states().pending)} {states().pending === 1 ? 'waits' : 'wait'} for the bank, the oldest for{' '}
            {span(now() - Date.parse(since()))}.
          </>
        )}
      </Show>
    </Show>
  )
}
