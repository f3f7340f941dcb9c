/** Overview: does everything move? */
import { A, revalidate } from '@solidjs/router'
import { createMemo, createSignal, Show } from 'solid-js'
import { isOperator } from '../../data/boot.ts'
import { readJobs } from '../../data/jobs.ts'
import { onChange } from '../../data/live.ts'
import { readSeries, readSummary } from '../../data/payments.ts'
import { createReading, renewEvery } from '../../data/read.ts'
import { type Runtime, readRuntime } from '../../data/runtime.ts'
import { count } from '../../format/number.ts'
import { Head } from '../../kit/head.tsx'
import { Heat, readyIn } from '../../kit/heat.tsx'
import { Stale } from '../../kit/notice.tsx'
import { Seg } from '../../kit/seg.tsx'
import { Answer, stateOf } from './answer.tsx'
import { Decision, Throughput } from './charts.tsx'
import { ApiCredentials } from './credentials.tsx'
import { Feed } from './feed.tsx'
import { TruthGap } from './gap.tsx'
import { Totals } from './totals.tsx'
import { createSeen, Workers } from './workers.tsx'

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
