/** Overview: does everything move? */
import { A, revalidate } from '@solidjs/router'
import { createMemo, createSignal, For, Match, Show, Switch } from 'solid-js'
import { isOperator } from '../../data/boot.ts'
import { readJobs } from '../../data/jobs.ts'
import { onChange } from '../../data/live.ts'
import { readSeries, readSummary } from '../../data/payments.ts'
import { createReading, renewEvery } from '../../data/read.ts'
import { type Runtime, readRuntime } from '../../data/runtime.ts'
import type { JobsStatus, PaymentSummary } from '../../data/types.ts'
import { money } from '../../format/money.ts'
import { count, counted, percent } from '../../format/number.ts'
import { span } from '../../format/time.ts'
import { Head } from '../../kit/head.tsx'
import { Heat, readyIn } from '../../kit/heat.tsx'
import { Stale } from '../../kit/notice.tsx'
import { Seg } from '../../kit/seg.tsx'
import { Decision, Throughput } from './charts.tsx'
import { ApiCredentials } from './credentials.tsx'
import { Feed } from './feed.tsx'
import { TruthGap } from './gap.tsx'
import { createSeen, type SeenWorker, Workers } from './workers.tsx'

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
  const runtime = createReading(async () => (isOperator() ? readRuntime() : null), 'worker')
  const workers = createSeen(() => runtime.data()?.workers)
  onChange(() => void revalidate(readSummary.key), 1_000)
  renewEvery(JOBS_MS, readJobs.key)
  renewEvery(JOBS_MS, readRuntime.key)
  renewEvery(SERIES_MS, readSeries.key)
  return (
    <>
      <Head
        title="Overview"
        state={stateOf(jobs.data(), workers())}
        answer={<Show when={jobs.data()}>{(data) => <Answer jobs={data()} workers={workers()} />}</Show>}
        acts={<Seg label="Period" options={PERIODS} value={period()} onChange={setPeriod} />}
      />
      <Stale trouble={jobs.trouble() ?? summary.trouble()} />
      <Show when={summary.data()}>
        {(data) => <Totals summary={data()} jobs={jobs.data()} runtime={runtime.data() ?? null} />}
      </Show>
      <Show when={series.data()}>
        {(data) => (
          <div class="cells two">
            <Throughput series={data()} />
            <Decision series={data()} />
          </div>
        )}
      </Show>
      <Show when={runtime.data()}>
        {(data) => (
          <div class="cells two">
            <Workers workers={workers()} />
            <TruthGap runtime={data()} />
          </div>
        )}
      </Show>
      <div class="cells wide-left">
        <Feed />
        <div>
          <ApiCredentials />
          <Show when={(runtime.data()?.partitions.length ?? 0) > 1 && runtime.data()}>
            {(data) => <Partitions runtime={data()} />}
          </Show>
        </div>
      </div>
    </>
  )
}

function stateOf(jobs: JobsStatus | undefined, workers: readonly SeenWorker[]): string {
  if (jobs?.worker_status === 'stopped') return 'stopped'
  return workers.some(({ status }) => status === 'stopped') ? 'degraded' : 'running'
}

function Answer(props: { jobs: JobsStatus; workers: readonly SeenWorker[] }) {
  const running = () => props.workers.filter(({ status }) => status === 'running')
  const stopped = () => props.workers.filter(({ status }) => status === 'stopped')
  const waiting = () => {
    const { pending, processing, actors } = props.jobs
    if (actors.parked > 0)
      return `${counted(actors.parked, 'actor')} ${actors.parked === 1 ? 'is' : 'are'} parked and need you.`
    if (pending + processing === 0) return 'Nothing waits.'
    return `${counted(pending, 'job')} ${pending === 1 ? 'waits' : 'wait'} for the bank, a receiver or a time; ${count(processing)} in turn.`
  }
  return (
    <Switch>
      <Match when={props.jobs.worker_status === 'stopped'}>
        <b>No worker is running.</b> Payments are accepted and wait; start one with <code>npm start</code>.
      </Match>
      <Match when={stopped().length > 0}>
        <b>
          {count(running().length)} of {counted(props.workers.length, 'worker')} {running().length === 1 ? 'is' : 'are'}{' '}
          running.
        </b>{' '}
        <For each={stopped()}>
          {(worker, i) => (
            <>
              {i() > 0 ? ', ' : ''}
              {worker.worker}
            </>
          )}
        </For>{' '}
        stopped; what it had in hand is with the others.
      </Match>
      <Match when={running().length > 0}>
        <b>{running().length === 1 ? 'One worker is' : `All ${count(running().length)} workers are`} running.</b>{' '}
        {waiting()}
      </Match>
      <Match when={true}>
        <b>The workers are running.</b> {waiting()}
      </Match>
    </Switch>
  )
}

function Partitions(props: { runtime: Runtime }) {
  const busiest = () => [...props.runtime.partitions].sort((a, b) => readyIn(b) - readyIn(a))[0]
  return (
    <section class="cell ruled">
      <div class="cell-head">
        <h2>Partitions</h2>
        <span class="note num">{count(props.runtime.partitions.length)}, by ready actors</span>
      </div>
      <Heat partitions={props.runtime.partitions} />
      <p class="note num">
        <Show when={busiest()} fallback="None has a ready actor.">
          {(partition) => (
            <>
              Busiest:{' '}
              <A class="link" href="/dashboard/actors">
                partition {partition().partition}
              </A>
              , {count(readyIn(partition()))} ready, {count(partition().running)} in turn
            </>
          )}
        </Show>
      </p>
    </section>
  )
}

function Totals(props: { summary: PaymentSummary; jobs: JobsStatus | undefined; runtime: Runtime | null }) {
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
