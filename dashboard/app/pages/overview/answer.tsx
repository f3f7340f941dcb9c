/** The overview’s answer: does everything move? */
import { For, Match, Switch } from 'solid-js'
import type { JobsStatus } from '../../data/types.ts'
import { count, counted } from '../../format/number.ts'
import type { SeenWorker } from './workers.tsx'

export function stateOf(jobs: JobsStatus | undefined, workers: readonly SeenWorker[]): string {
  if (jobs?.worker_status === 'stopped') return 'stopped'
  return workers.some(({ status }) => status === 'stopped') ? 'degraded' : 'running'
}

export function Answer(props: { jobs: JobsStatus; workers: readonly SeenWorker[] }) {
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
