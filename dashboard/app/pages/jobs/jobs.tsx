/** Jobs: do the workers keep up? The contract's counters, and what the workers did a moment ago. */
import { A, useSearchParams } from '@solidjs/router'
import { Match, Show, Switch } from 'solid-js'
import { readJobs } from '../../data/jobs.ts'
import { createReading, renewEvery } from '../../data/read.ts'
import { readJobLog } from '../../data/runtime.ts'
import type { JobsStatus } from '../../data/types.ts'
import { count, counted } from '../../format/number.ts'
import { Badge } from '../../kit/badge.tsx'
import { Head } from '../../kit/head.tsx'
import { Empty, Stale } from '../../kit/notice.tsx'
import { Seg } from '../../kit/seg.tsx'
import { LastTurns } from './turns.tsx'

const LOOK_MS = 1_000
const SHOWN = [
  ['all', 'All'],
  ['failed', 'Failed'],
] as const

export default function Jobs() {
  const [search, setSearch] = useSearchParams<{ show?: string }>()
  const shown = () => (search.show === 'failed' ? 'failed' : 'all')
  const status = createReading(() => readJobs())
  const log = createReading(() => readJobLog({ failed: shown() === 'failed' ? 'true' : null }))
  renewEvery(LOOK_MS, readJobs.key)
  renewEvery(LOOK_MS, readJobLog.key)
  return (
    <Show when={status.data()}>
      {(jobs) => (
        <>
          <Head title="Jobs" state={stateOf(jobs())} answer={<Answer jobs={jobs()} />} />
          <Stale trouble={status.trouble() ?? log.trouble()} />
          <Figures jobs={jobs()} />
          <section class="cells">
            <div class="cell">
              <div class="cell-head">
                <h2>Last turns</h2>
                <span class="note">one row for each commit, from the journal</span>
                <Seg
                  label="Show"
                  options={SHOWN}
                  value={shown()}
                  onChange={(show) => setSearch({ show: show === 'all' ? null : show })}
                />
              </div>
              <Show
                when={(log.data() ?? []).length > 0}
                fallback={
                  <Empty icon="jobs" title={shown() === 'failed' ? 'No turn has failed' : 'No turn yet'}>
                    <p class="soft">The first payment’s turns show up here as they are committed.</p>
                  </Empty>
                }
              >
                <LastTurns jobs={log.data() ?? []} />
              </Show>
            </div>
          </section>
        </>
      )}
    </Show>
  )
}

function stateOf({ worker_status: workers, actors }: JobsStatus): string {
  if (workers === 'stopped') return 'stopped'
  return actors.parked > 0 ? 'parked' : 'success'
}

function Answer(props: { jobs: JobsStatus }) {
  return (
    <Switch>
      <Match when={props.jobs.worker_status === 'stopped'}>
        <b>Nobody works.</b> {counted(props.jobs.pending, 'job')} wait; start a worker and they go on.
      </Match>
      <Match when={props.jobs.actors.parked > 0}>
        <b>
          {counted(props.jobs.actors.parked, 'actor')} {props.jobs.actors.parked === 1 ? 'stands' : 'stand'} still and{' '}
          {props.jobs.actors.parked === 1 ? 'needs' : 'need'} you.
        </b>{' '}
        The others move: {count(props.jobs.pending)} pending, {count(props.jobs.processing)} in turn.
      </Match>
      <Match when={props.jobs.actors.ready > 100}>
        <b>{counted(props.jobs.actors.ready, 'actor')} wait for a worker.</b> They are served in fair turns; more
        workers would serve them sooner.
      </Match>
      <Match when={true}>
        <b>The workers keep up.</b> {counted(props.jobs.pending, 'job')} {props.jobs.pending === 1 ? 'is' : 'are'}{' '}
        pending, {count(props.jobs.processing)} in turn; what waits, waits for the bank, a receiver or a time.
      </Match>
    </Switch>
  )
}

function Figures(props: { jobs: JobsStatus }) {
  return (
    <div class="cells figures">
      <A href="/dashboard/transactions?status=pending" class="figure">
        <span class="figure-num num">{count(props.jobs.pending)}</span>
        <span>pending</span>
      </A>
      <A href="/dashboard/actors" class="figure">
        <span class="figure-num num">{count(props.jobs.processing)}</span>
        <span>processing</span>
      </A>
      <A href="/dashboard/transactions" class="figure">
        <span class="figure-num num">{count(props.jobs.completed)}</span>
        <span>completed</span>
      </A>
      <A href="/dashboard/webhooks?status=failed" class="figure">
        <span class="figure-num num">{count(props.jobs.failed)}</span>
        <span>failed for good</span>
      </A>
      <div class="figure">
        <span class="figure-num">
          <Badge state={props.jobs.worker_status} testId="worker-status" />
        </span>
        <span>worker_status, by lease</span>
      </div>
    </div>
  )
}
