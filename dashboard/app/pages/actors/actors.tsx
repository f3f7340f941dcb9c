/** Actors: which ones do not move? One line for each reason, the sentence first, the remedy at the right. */
import { For, Show } from 'solid-js'
import { boot } from '../../data/boot.ts'
import { readPayments } from '../../data/payments.ts'
import { createReading, renewEvery } from '../../data/read.ts'
import { type Actor, type Runtime, readActor, readRuntime } from '../../data/runtime.ts'
import { count } from '../../format/number.ts'
import { Head } from '../../kit/head.tsx'
import { Heat, readyIn } from '../../kit/heat.tsx'
import { Empty, Stale } from '../../kit/notice.tsx'
import { rows } from '../../kit/rows.ts'
import { createSeen, Workers } from '../overview/workers.tsx'
import { Answer, Figures, stateOf } from './answer.tsx'
import { Why } from './why.tsx'

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
