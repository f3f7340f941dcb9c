/** Overview: does everything move? */
import { A, revalidate } from '@solidjs/router'
import { createMemo, createSignal, Match, Show, Switch } from 'solid-js'
import { isOperator } from '../../data/boot.ts'
import { readJobs } from '../../data/jobs.ts'
import { onChange } from '../../data/live.ts'
import { readSeries, readSummary } from '../../data/payments.ts'
import { createReading, renewEvery } from '../../data/read.ts'
import type { JobsStatus, PaymentSummary } from '../../data/types.ts'
import { money } from '../../format/money.ts'
import { count, counted, percent } from '../../format/number.ts'
import { Head } from '../../kit/head.tsx'
import { Stale } from '../../kit/notice.tsx'
import { Seg } from '../../kit/seg.tsx'
import { Decision, Throughput } from './charts.tsx'
import { ApiCredentials } from './credentials.tsx'
import { Feed } from './feed.tsx'

const PERIODS = [
  ['1h', '1 h'],
  ['24h', '24 h'],
  ['7d', '7 d'],
] as const
type Period = (typeof PERIODS)[number][0]

const JOBS_MS = 1_000
const SERIES_MS = 15_000

export default function Overview() {
  const [period, setPeriod] = createSignal<Period>('1h')
  const today = createMemo(() => new Date(new Date().setHours(0, 0, 0, 0)).toISOString())
  const summary = createReading(() => readSummary({ from: today() }), 'currency')
  const series = createReading(() => readSeries(period()), 'at')
  const jobs = createReading(() => readJobs())
  onChange(() => void revalidate(readSummary.key), 1_000)
  renewEvery(JOBS_MS, readJobs.key)
  renewEvery(SERIES_MS, readSeries.key)
  return (
    <>
      <Head
        title="Overview"
        state={jobs.data()?.worker_status === 'stopped' ? 'stopped' : 'running'}
        answer={<Show when={jobs.data()}>{(data) => <Answer jobs={data()} />}</Show>}
        acts={<Seg label="Period" options={PERIODS} value={period()} onChange={setPeriod} />}
      />
      <Stale trouble={jobs.trouble() ?? summary.trouble()} />
      <Show when={summary.data()}>{(data) => <Totals summary={data()} jobs={jobs.data()} />}</Show>
      <Show when={series.data()}>
        {(data) => (
          <div class="cells two">
            <Throughput series={data()} />
            <Decision series={data()} />
          </div>
        )}
      </Show>
      <div class="cells wide-left">
        <Feed />
        <div>
          <ApiCredentials />
        </div>
      </div>
    </>
  )
}

function Answer(props: { jobs: JobsStatus }) {
  const { jobs } = props
  return (
    <Switch>
      <Match when={props.jobs.worker_status === 'stopped'}>
        <b>No worker is running.</b> Payments are accepted and wait; start one with <code>npm start</code>.
      </Match>
      <Match when={jobs.actors.parked > 0}>
        <b>
          The workers are running, and {counted(props.jobs.actors.parked, 'actor')}{' '}
          {props.jobs.actors.parked === 1 ? 'is' : 'are'} parked.
        </b>{' '}
        {count(props.jobs.pending)} jobs wait, {count(props.jobs.processing)} are in turn.
      </Match>
      <Match when={true}>
        <b>The workers are running.</b>{' '}
        {props.jobs.pending + props.jobs.processing === 0
          ? 'Nothing waits.'
          : `${counted(props.jobs.pending, 'job')} ${props.jobs.pending === 1 ? 'waits' : 'wait'}, ${count(props.jobs.processing)} in turn.`}
      </Match>
    </Switch>
  )
}

function Totals(props: { summary: PaymentSummary; jobs: JobsStatus | undefined }) {
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
      <Show when={props.jobs}>
        {(jobs) => (
          <A href={isOperator() ? '/dashboard/jobs' : '/dashboard/transactions?status=pending'} class="figure">
            <span class="figure-num num">{count(jobs().pending)}</span>
            <span>jobs wait</span>
          </A>
        )}
      </Show>
    </div>
  )
}
