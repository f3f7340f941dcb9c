/** The answer of the actors’ page, and its figures. */
import { Match, Show, Switch } from 'solid-js'
import type { Runtime } from '../../data/runtime.ts'
import { count, counted } from '../../format/number.ts'
import { span } from '../../format/time.ts'

export function stateOf({ parked, truth_gap: gap, oldest_ready: oldest }: Runtime): string {
  if (parked > 0) return 'parked'
  if (gap.unknown > 0) return 'overdue'
  return (oldest?.waiting_ms ?? 0) > 1_000 ? 'ready' : 'running'
}

export function Answer(props: { runtime: Runtime }) {
  const moving = () => props.runtime.scheduled + props.runtime.ready + props.runtime.running + props.runtime.resting
  const oldest = () => props.runtime.oldest_ready?.waiting_ms ?? null
  const rest = () => (
    <>
      {oldest() === null ? 'none waits for a worker' : `the oldest ready one has waited ${span(oldest() ?? 0)}`}
      <Show when={props.runtime.resting > 0}>, {count(props.runtime.resting)} back off</Show>.
    </>
  )
  return (
    <Switch>
      <Match when={props.runtime.parked > 0}>
        <b>
          {counted(props.runtime.parked, 'actor')}{' '}
          {props.runtime.parked === 1 ? 'is parked and waits' : 'are parked and wait'} for you.
        </b>{' '}
        The other {count(moving())} move: {rest()}
      </Match>
      <Match when={props.runtime.truth_gap.unknown > 0}>
        <b>{counted(props.runtime.truth_gap.unknown, 'actor')} overdue and unknown to Redis.</b> The sweep is ringing
        them.
      </Match>
      <Match when={moving() === 0}>
        <b>Nobody has anything to do.</b> Every actor has come to its end.
      </Match>
      <Match when={true}>
        <b>All {count(moving())} move:</b> {rest()}
      </Match>
    </Switch>
  )
}

export function Figures(props: { runtime: Runtime }) {
  const figure = (value: string, words: string, unit = '') => (
    <div class="figure">
      <span class="figure-num num">
        {value} <small>{unit}</small>
      </span>
      <span>{words}</span>
    </div>
  )
  const perTurn = () => {
    const { rates } = props.runtime
    return rates && rates.turns > 0 ? (rates.messages / rates.turns).toFixed(1) : '0'
  }
  return (
    <div class="cells figures">
      {figure(props.runtime.rates ? count(props.runtime.rates.turns) : '…', 'turns a second')}
      {figure(perTurn(), 'messages a turn')}
      {figure(count(props.runtime.ready), 'ready')}
      {figure(count(props.runtime.running), 'in turn')}
      {figure(count(props.runtime.scheduled), 'scheduled')}
      {figure(count(props.runtime.counters.stale), 'stale acks')}
      {figure(count(props.runtime.counters.healed), 'found again')}
    </div>
  )
}
