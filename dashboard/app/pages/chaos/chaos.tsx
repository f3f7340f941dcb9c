/** The chaos corner: can I break it? Faults at the left, the promises ticking at the right, what each fault caused below. */
import { Show } from 'solid-js'
import { type Checked, readInvariants } from '../../data/chaos.ts'
import { createReading, renewEvery } from '../../data/read.ts'
import { readRuntime } from '../../data/runtime.ts'
import { createNow } from '../../format/now.ts'
import { counted } from '../../format/number.ts'
import { span } from '../../format/time.ts'
import { Head } from '../../kit/head.tsx'
import { Stale } from '../../kit/notice.tsx'
import { TruthGap } from '../overview/gap.tsx'
import { createSeen, Workers } from '../overview/workers.tsx'
import { Faults } from './faults.tsx'
import { Happened } from './happened.tsx'
import { Promises } from './promises.tsx'
import { stories } from './stories.ts'

const LOOK_MS = 1_000

export default function Chaos() {
  const now = createNow(250)
  const runtime = createReading(() => readRuntime(), 'worker')
  const checked = createReading(() => readInvariants(), 'name')
  const workers = createSeen(() => runtime.data()?.workers)
  renewEvery(LOOK_MS, readRuntime.key)
  renewEvery(LOOK_MS, readInvariants.key)
  return (
    <Show when={checked.data()}>
      {(data) => (
        <>
          <Head
            title="Chaos corner"
            state={data().invariants.every(({ holds }) => holds) ? 'holds' : 'broken'}
            answer={<Answer checked={data()} />}
          />
          <Stale trouble={checked.trouble() ?? runtime.trouble()} />
          <div class="cells two">
            <Faults workers={workers()} now={now()} />
            <Promises checked={data()} now={now()} />
          </div>
          <Happened />
          <Show when={runtime.data()}>
            {(live) => (
              <div class="cells two">
                <Workers workers={workers()} here />
                <TruthGap runtime={live()} />
              </div>
            )}
          </Show>
        </>
      )}
    </Show>
  )
}

function Answer(props: { checked: Checked }) {
  const broken = () => props.checked.invariants.filter(({ holds }) => !holds)
  const brokenOf = (words: string) => props.checked.invariants.find(({ name }) => name.includes(words))?.broken ?? 0
  const longest = () => Math.max(0, ...stories.flatMap(({ effects }) => effects.map(({ afterMs }) => afterMs)))
  return (
    <Show
      when={broken().length === 0}
      fallback={
        <>
          <b>{counted(broken().length, 'promise')} broken.</b> {broken()[0]?.name}: {broken()[0]?.broken} of{' '}
          {broken()[0]?.of}.
        </>
      }
    >
      <b>Break something.</b>{' '}
      <Show when={stories.length > 0} fallback="Payments are delayed by seconds, and none is lost or charged twice.">
        {counted(stories.length, 'fault')} on this page: {brokenOf('open or settled')} payments lost,{' '}
        {brokenOf('charged twice')} charged twice, {span(longest())} until all was well at the longest.
      </Show>
    </Show>
  )
}
