/** Actors: which ones do not move? One line for each reason, the sentence first, the remedy at the right. */
import { A } from '@solidjs/router'
import { For, Match, Show, Switch } from 'solid-js'
import { boot } from '../../data/boot.ts'
import { readPayments } from '../../data/payments.ts'
import { createReading, renewEvery } from '../../data/read.ts'
import { type Actor, idOf, placeOf, type Runtime, readActor, readRuntime } from '../../data/runtime.ts'
import { count, counted } from '../../format/number.ts'
import { span } from '../../format/time.ts'
import { Head } from '../../kit/head.tsx'
import { Heat, readyIn } from '../../kit/heat.tsx'
import { Glyph } from '../../kit/icon.tsx'
import { Empty, Stale } from '../../kit/notice.tsx'
import { rows } from '../../kit/rows.ts'
import { createSeen, Workers } from '../overview/workers.tsx'

const LOOK_MS = 1_000
const WHYS_MS = 2_000
/** Of each reason. */
const SHOWN = 5

/** Those that one asks about: parked, the longest ready, and payments that are open. */
async function readWhys(runtime: Runtime | undefined): Promise<Actor[]> {
  if (!runtime) return []
  const open = boot.account?.merchant
    ? (await readPayments({ status: 'pending', limit: SHOWN })).data.map(({ id }) => id)
    : []
  const wanted = [
    ...runtime.parked_actors.slice(0, SHOWN).map(({ address }) => address),
    ...(runtime.oldest_ready ? [runtime.oldest_ready.address] : []),
    ...open,
  ]
  const found = await Promise.all([...new Set(wanted)].map((id) => readActor(id).catch(() => null)))
  return found.filter((actor) => actor !== null)
}

export default function Actors() {
  const runtime = createReading(() => readRuntime(), 'worker')
  const whys = createReading(() => readWhys(runtime.data()), 'address')
  const workers = createSeen(() => runtime.data()?.workers)
  renewEvery(LOOK_MS, readRuntime.key)
  renewEvery(WHYS_MS, readActor.key)
  return (
    <Show when={runtime.data()}>
      {(data) => (
        <>
          <Head title="Actors" state={stateOf(data())} answer={<Answer runtime={data()} />} />
          <Stale trouble={runtime.trouble()} />
          <Figures runtime={data()} />
          <section class="cells">
            <div class="cell">
              <div class="cell-head">
                <h2>Why is it not moving?</h2>
                <span class="note">
                  parked ones, the longest ready, and open payments; any other by its id with Ctrl K
                </span>
              </div>
              <Show
                when={(whys.data() ?? []).length > 0}
                fallback={
                  <Empty icon="actors" title="Everything has come to its end">
                    <p class="soft">No actor is parked, none waits for a worker, and no payment is open.</p>
                  </Empty>
                }
              >
                <ul class="rows whys" ref={rows}>
                  <For each={whys.data()}>{(actor) => <Why actor={actor} />}</For>
                </ul>
              </Show>
            </div>
          </section>
          <div class="cells two">
            <Workers workers={workers()} />
            <FairShare runtime={data()} />
            <Show when={data().partitions.length > 1}>
              <Partitions runtime={data()} />
            </Show>
          </div>
        </>
      )}
    </Show>
  )
}

function stateOf({ parked, truth_gap: gap, oldest_ready: oldest }: Runtime): string {
  if (parked > 0) return 'parked'
  if (gap.unknown > 0) return 'overdue'
  return (oldest?.waiting_ms ?? 0) > 1_000 ? 'ready' : 'running'
}

function Answer(props: { runtime: Runtime }) {
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

function Figures(props: { runtime: Runtime }) {
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

export function Why(props: { actor: Actor }) {
  const place = () => placeOf(props.actor)
  const id = () => idOf(props.actor.address)
  const overdue = () => props.actor.postgres.overdue_ms
  return (
    <li data-state={place()}>
      <A class="row-link" href={`/dashboard/actors/${encodeURIComponent(id())}`}>
        <span class="why-g">
          <Glyph state={place()} />
        </span>
        <span class="mono">{id()}</span>
        <span class="why-text">
          <Sentence text={props.actor.sentence} />
        </span>
        <span class="num faint">{overdue() === null ? '' : span(overdue() ?? 0)}</span>
      </A>
      <Show when={place() === 'parked' || place() === 'overdue'}>
        <A class="btn" href={`/dashboard/actors/${encodeURIComponent(id())}`}>
          {place() === 'parked' ? 'Unpark…' : 'Nudge…'}
        </A>
      </Show>
    </li>
  )
}

/** The API's sentence with its first word, the reason, in bold. */
export function Sentence(props: { text: string }) {
  const parts = () => /^(\S+?)([,\s].*)?$/s.exec(props.text) ?? [props.text, props.text, '']
  const first = () => `${(parts()[1] ?? '').slice(0, 1).toUpperCase()}${(parts()[1] ?? '').slice(1)}`
  return (
    <>
      <b>{first()}</b>
      {parts()[2]}.
    </>
  )
}

function Partitions(props: { runtime: Runtime }) {
  const most = () => Math.max(0, ...props.runtime.partitions.map(readyIn))
  return (
    <section class="cell">
      <div class="cell-head">
        <h2>Partitions</h2>
        <span class="note num">{count(props.runtime.partitions.length)}, by ready actors</span>
      </div>
      <Heat partitions={props.runtime.partitions} wide />
      <p class="note num">Most in one: {count(most())} ready. Empty squares have no ready actor.</p>
    </section>
  )
}

function FairShare(props: { runtime: Runtime }) {
  const lanes = () => [...props.runtime.tenants].sort((a, b) => b.ahead - a.ahead).slice(0, 8)
  const most = () => Math.max(1, ...lanes().map(({ ahead }) => ahead))
  return (
    <section class="cell">
      <div class="cell-head">
        <h2>Fair share</h2>
        <span class="note">who waits with more than a fair share of turns</span>
      </div>
      <Show
        when={lanes().length > 0}
        fallback={<p class="soft">Nobody is ahead of a fair share: no lane has a backlog.</p>}
      >
        <ul class="shares num">
          <For each={lanes()}>
            {({ tenant, kind, ahead }) => (
              <li>
                <span class="mono">
                  {tenant}/{kind}
                </span>
                <svg aria-hidden="true">
                  <rect class="f-rule" width="100%" height="10" />
                  <rect class="f-ink" width={`${(100 * ahead) / most()}%`} height="10" />
                </svg>
                <b>{count(ahead)}</b>
                <span class="faint">turns</span>
              </li>
            )}
          </For>
        </ul>
      </Show>
      <p class="note">Lanes are served by turns, so nobody waits behind somebody else’s rush.</p>
    </section>
  )
}
