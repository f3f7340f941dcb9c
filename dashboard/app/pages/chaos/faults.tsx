/** The faults one can cause, each with what to expect. */
import { createSignal, For, type JSX, Show } from 'solid-js'
import { flushRedis, killWorker, pauseWorker, stopBank } from '../../data/chaos.ts'
import type { Runtime } from '../../data/runtime.ts'
import { count, counted } from '../../format/number.ts'
import { span } from '../../format/time.ts'
import { Icon, type IconName } from '../../kit/icon.tsx'
import { wordsOf } from '../../kit/notice.tsx'
import { toast } from '../../kit/toast.tsx'
import type { SeenWorker } from '../overview/workers.tsx'
import { createLoad, MAX_LOAD } from './load.ts'
import { allMove, readRuntimeNow, running, tell } from './stories.ts'

/** Longer than a lease. */
const PAUSE_MS = 8_000
const BANK_MS = 15_000
/** So many of those who were known are known again: then Redis has its memory back. */
const FOUND_AGAIN = 0.8
/** Who is due far in the future is looked for only when it is near: nobody waits for those. */
const FAR_MS = 8_000

export function Faults(props: { workers: readonly SeenWorker[]; now: number }) {
  const [bankBackAt, setBankBackAt] = createSignal(0)
  const bankAway = () => bankBackAt() > props.now
  const load = createLoad()
  const alive = () => props.workers.filter(({ status }) => status === 'running')
  return (
    <section class="cell" aria-labelledby="faults">
      <div class="cell-head">
        <h2 id="faults">Faults</h2>
        <span class="note">demo mode only; every one is written down</span>
      </div>
      <ul class="rows faults">
        <Fault
          icon="kill"
          title="Kill a worker"
          words="SIGKILL. What it had in hand goes to the others, and another worker takes its place."
        >
          <For each={alive()} fallback={<span class="note">none is running</span>}>
            {({ worker }) => (
              <button class="btn danger" type="button" aria-label={`Kill ${worker}`} onClick={() => void kill(worker)}>
                {worker}
              </button>
            )}
          </For>
        </Fault>
        <Fault
          icon="pause"
          title="Pause a worker past its lease"
          words={`It stands still for ${span(PAUSE_MS)}. It wakes up as a zombie; Postgres refuses what it commits.`}
        >
          <For each={alive()} fallback={<span class="note">none is running</span>}>
            {({ worker }) => (
              <button
                class="btn danger"
                type="button"
                aria-label={`Pause ${worker}`}
                onClick={() => void pause(worker)}
              >
                {worker}
              </button>
            )}
          </For>
        </Fault>
        <Fault
          icon="flush"
          title="Flush Redis"
          words="Every mailbox, timer and lease is forgotten. The sweeper finds them in Postgres."
        >
          <button class="btn danger" type="button" onClick={() => void flush()}>
            FLUSH
          </button>
        </Fault>
        <Fault
          icon="bank"
          title="Stop the bank"
          words={`No call is answered for ${span(BANK_MS)}. Payments wait and are asked about, not repeated blindly.`}
        >
          <button
            class="switch"
            type="button"
            role="switch"
            aria-checked={!bankAway()}
            disabled={bankAway()}
            onClick={() => {
              setBankBackAt(Date.now() + BANK_MS)
              void stop()
            }}
          >
            <span class="switch-track" />
            <span class="num">{bankAway() ? `back in ${span(bankBackAt() - props.now)}` : 'bank answers'}</span>
          </button>
        </Fault>
        <li>
          <div class="fault">
            <Icon name="send" />
            <div>
              <h3>
                <label for="load">Load</label>
              </h3>
              <p class="note num">
                <output for="load">{load.perSecond()} payments/s</output> from this page, outcomes as the instruments
                say
                <Show when={load.accepted() + load.refused() > 0}>
                  ; {count(load.accepted())} accepted, {count(load.refused())} refused
                </Show>
              </p>
            </div>
          </div>
          <div class="acts">
            <input
              class="range"
              type="range"
              id="load"
              min="0"
              max={MAX_LOAD}
              value={load.perSecond()}
              onInput={(event) => load.set(Number(event.currentTarget.value))}
            />
          </div>
        </li>
      </ul>
    </section>
  )
}

function Fault(props: { icon: IconName; title: string; words: string; children: JSX.Element }) {
  return (
    <li>
      <div class="fault">
        <Icon name={props.icon} />
        <div>
          <h3>{props.title}</h3>
          <p class="note">{props.words}</p>
        </div>
      </div>
      <div class="acts">{props.children}</div>
    </li>
  )
}

/** Looks at how things are, breaks something, and follows what comes of it. */
async function cause(deed: (before: Runtime) => Promise<void>): Promise<void> {
  try {
    await deed(await readRuntimeNow())
  } catch (error) {
    toast({ state: 'failed', title: 'Nothing was broken.', text: wordsOf(error) })
  }
}

function kill(worker: string): Promise<void> {
  return cause(async (before) => {
    const held = before.workers.find((one) => one.worker === worker)?.claims ?? 0
    await killWorker(worker)
    void tell({ icon: 'kill', title: `You killed ${worker}`, what: `with ${counted(held, 'actor')} in turn` }, [
      (now) =>
        running(now).some((one) => one.worker === worker)
          ? null
          : { words: 'its lease ended, its actors are ready again', state: 'backing off' },
      (now) =>
        allMove(now) ? { words: `all move at ${counted(running(now).length, 'worker')}`, state: 'in turn' } : null,
      (now) =>
        running(now).length >= running(before).length
          ? { words: 'another worker has taken its place', state: 'success' }
          : null,
    ])
  })
}

function pause(worker: string): Promise<void> {
  return cause(async (before) => {
    const held = before.workers.find((one) => one.worker === worker)?.claims ?? 0
    await pauseWorker(worker, PAUSE_MS)
    const isRunning = (now: Runtime) => running(now).some((one) => one.worker === worker)
    void tell(
      {
        icon: 'pause',
        title: `You paused ${worker}`,
        what: `for ${span(PAUSE_MS)}, with ${counted(held, 'actor')} in turn`,
      },
      [
        (now) => (isRunning(now) ? null : { words: 'its lease ran out, the others took over', state: 'backing off' }),
        (now) => (isRunning(now) ? { words: 'it woke up, was fenced, and has a new lease', state: 'in turn' } : null),
      ],
    )
  })
}

function flush(): Promise<void> {
  return cause(async (before) => {
    const known = before.ready + before.running + before.scheduled + before.resting + before.parked
    await flushRedis()
    const flushedAt = Date.now()
    void tell({ icon: 'flush', title: 'You flushed Redis', what: `${counted(known, 'actor')} forgotten` }, [
      (now) =>
        running(now).length > 0
          ? { words: `${counted(running(now).length, 'worker')} fenced, with new leases`, state: 'backing off' }
          : null,
      (now) => {
        const found = now.ready + now.running + now.scheduled + now.resting
        // What ended meanwhile has no alarm any more, so not everybody comes back.
        const isEnough = found >= known * FOUND_AGAIN || Date.now() - flushedAt > FAR_MS
        return allMove(now) && isEnough
          ? { words: `${count(found)} found again from Postgres, truth gap 0`, state: 'in turn' }
          : null
      },
    ])
  })
}

function stop(): Promise<void> {
  return cause(async () => {
    await stopBank(BANK_MS)
    const backAt = Date.now() + BANK_MS
    void tell({ icon: 'bank', title: 'You stopped the bank', what: `for ${span(BANK_MS)}` }, [
      () =>
        Date.now() >= backAt ? { words: 'it answers again; who waited is asked about', state: 'backing off' } : null,
      (now) => (allMove(now) ? { words: 'all move', state: 'in turn' } : null),
    ])
  })
}
